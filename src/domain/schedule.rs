//! A schedule proposed from what is missing: sessions laid on days within limits, as many as can be fitted.
//!
//! How many fit is a question of flow: each missing session wants one of the days on which it would count, a unit has one
//! session a day at most, a day and a week hold no more than their limits. The most that can flow through is the most
//! that can be held, so nothing is left out that could be fitted. Which of the largest schedules is proposed follows
//! from the order in which days are opened: liked days first, a unit's sessions apart from each other, the others spread
//! evenly. The same question has the same answer.

use super::{
    flow::Network,
    period::{Day, Each, Period},
};
use std::collections::{BTreeMap, BTreeSet};

/// The most sessions that one proposal looks for.
pub const SESSION_LIMIT: u32 = 3_000;
/// The longest period of a proposal, in days.
pub const DAY_LIMIT: i64 = 400;
/// The ranks of wishes, lower ones opened first: by liking, and of each liking first those in a session's own stretch of
/// the time.
const PLAIN: u8 = 6;
const ALL: u8 = 7;
/// As many sessions a day are usual where nobody sets a limit; more only when they fit no other way.
const USUAL: u32 = 2;

/// Sessions that a unit lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The unit's id.
    pub unit: i64,
    /// Which of the questioner's indicators it is for; the schedule only hands it back.
    pub indicator: usize,
    /// The days on which a session would count.
    pub window: Period,
    pub missing: u32,
}

/// What a day is to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Liking {
    /// A key date of this one day on something that the unit has not heard of this year.
    Best,
    /// In the week of such a key date.
    New,
    /// A key date or a market day.
    Good,
    Plain,
}

/// What the sessions are laid on.
pub struct Ground<'a> {
    pub period: Period,
    /// Sessions a day and a week (Monday to Sunday), those that stand already among them.
    pub per_day: Option<u32>,
    pub per_week: Option<u32>,
    /// Days on which nothing is held.
    pub closed: &'a BTreeSet<Day>,
    /// How many sessions stand already.
    pub standing: &'a BTreeMap<Day, u32>,
    /// Whether a unit cannot be visited on a day: it is blacked out, or has a session already.
    pub taken: &'a dyn Fn(i64, Day) -> bool,
    pub liking: &'a dyn Fn(i64, Day) -> Liking,
    /// Rather many on few days than few on many: neighbours, who stand beside each other in the list of needs, are then
    /// visited on one day.
    pub together: bool,
}

crate::keyed! {
    /// Why a session does not fit.
    Reason {
        /// The time in which it would have counted is over.
        Past => "past",
        /// The unit has no day left on which it can be visited.
        NoDay => "no_day",
        /// The unit has fewer such days than sessions missing.
        FewDays => "few_days",
        /// The limits by day and week are used up.
        Limits => "limits",
    }
}

/// What was found for one need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// In order, each once.
    pub days: Vec<Day>,
    /// What does not fit, and why.
    pub unplaced: Option<(u32, Reason)>,
}

/// A session's wish for one day, and when it is opened.
struct Wish {
    edge: u32,
    rank: u8,
    day: usize,
}

/// Lays the sessions; the answer stands in the order of the needs. A need whose window begins behind the period is not
/// asked about yet, and gets neither days nor a reason.
pub fn propose(ground: &Ground, needs: &[Need]) -> Vec<Placed> {
    let days: Vec<Day> = ground.period.each_day().filter(|day| !ground.closed.contains(day)).collect();
    let mut net = Network::default();
    let (source, sink) = (net.node(), net.node());
    let (day_nodes, day_edges) = day_side(&mut net, ground, &days, sink);
    let mut visits: BTreeMap<(i64, usize), u32> = BTreeMap::new();
    let mut wishes: Vec<Wish> = Vec::new();
    let mut sessions: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
    for (index, need) in needs.iter().enumerate() {
        let open: Vec<usize> = (0..days.len())
            .filter(|day| need.window.contains(days[*day]) && !(ground.taken)(need.unit, days[*day]))
            .collect();
        // More sessions than days would only make the network larger.
        let wanted = (need.missing as usize).min(open.len());
        for session in 0..wanted {
            let node = net.node();
            net.edge(source, node, 1);
            let own = open.len() * session / wanted..open.len() * (session + 1) / wanted;
            let first = wishes.len();
            for (position, day) in open.iter().enumerate() {
                let visit = *visits.entry((need.unit, *day)).or_insert_with(|| {
                    let visit = net.node();
                    net.edge(visit, day_nodes[*day], 1);
                    visit
                });
                let rank = match (ground.liking)(need.unit, days[*day]) {
                    Liking::Best => 0,
                    Liking::New => 2,
                    Liking::Good => 4,
                    Liking::Plain => PLAIN,
                } + u8::from(!own.contains(&position));
                wishes.push(Wish { edge: net.edge(node, visit, 0), rank, day: *day });
            }
            sessions.push((index, first..wishes.len()));
        }
    }
    open_by_and_by(&mut net, (source, sink), ground, &wishes, &day_edges);
    let mut placed = vec![Placed::default(); needs.len()];
    for (index, own) in sessions {
        placed[index].days.extend(wishes[own].iter().filter(|wish| net.flow(wish.edge) > 0).map(|wish| days[wish.day]));
    }
    for (placed, need) in placed.iter_mut().zip(needs) {
        placed.days.sort_unstable();
        let left = need.missing - placed.days.len() as u32;
        if left > 0 && need.window.from <= ground.period.to {
            placed.unplaced = Some((left, reason(ground, &days, need)));
        }
    }
    placed
}

/// The days' nodes, and their edges, still closed, to their weeks or to the sink; the weeks are as wide as they may be.
fn day_side(net: &mut Network, ground: &Ground, days: &[Day], sink: u32) -> (Vec<u32>, Vec<(u32, u32)>) {
    let mut weeks: BTreeMap<Day, u32> = BTreeMap::new();
    let mut nodes = Vec::new();
    let mut edges = Vec::new();
    for day in days {
        let behind = match (ground.per_week, Each::Week.around(*day)) {
            (Some(limit), Some(week)) => *weeks.entry(week.from).or_insert_with(|| {
                let stands: u32 = ground.standing.range(week.from..=week.to).map(|(_, count)| count).sum();
                let node = net.node();
                net.edge(node, sink, limit.saturating_sub(stands));
                node
            }),
            _ => sink,
        };
        let stands = ground.standing.get(day).copied().unwrap_or_default();
        let node = net.node();
        nodes.push(node);
        edges.push((net.edge(node, behind, 0), stands));
    }
    (nodes, edges)
}

/// Opens the days: those liked most first, of each liking every sixteenth day, then every eighth … so that what is laid
/// lies apart; plain days for one session each before any has a second; at last everything, which makes the schedule as
/// large as it can be.
fn open_by_and_by(
    net: &mut Network,
    (source, sink): (u32, u32),
    ground: &Ground,
    wishes: &[Wish],
    days: &[(u32, u32)],
) {
    let usual = ground.per_day.unwrap_or(USUAL).max(1);
    let mut open = |rank: u8, step: usize, limit: u32| {
        for wish in wishes.iter().filter(|wish| wish.rank < rank || wish.rank == rank && wish.day % step == step / 2) {
            let (edge, stands) = days[wish.day];
            net.widen(edge, limit.min(ground.per_day.unwrap_or(limit)).saturating_sub(stands));
            net.widen(wish.edge, 1);
        }
        net.push(source, sink);
    };
    for rank in 0..PLAIN {
        for step in [16, 8, 4, 2, 1] {
            open(rank, step, usual);
        }
    }
    let levels = if ground.together { usual..=usual } else { 1..=usual };
    for level in levels {
        for rank in PLAIN..=ALL {
            for step in [16, 8, 4, 2, 1] {
                open(rank, step, level);
            }
        }
    }
    open(ALL, 1, SESSION_LIMIT);
}

fn reason(ground: &Ground, days: &[Day], need: &Need) -> Reason {
    if need.window.to < ground.period.from {
        return Reason::Past;
    }
    let open = days.iter().filter(|day| need.window.contains(**day) && !(ground.taken)(need.unit, **day)).count();
    match open {
        0 => Reason::NoDay,
        open if open < need.missing as usize => Reason::FewDays,
        _ => Reason::Limits,
    }
}
