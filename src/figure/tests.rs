//! Totals against the ledger by definition: whatever the period, the filter and the cut, on both engines.

use super::{
    Cut, Filter, Part, Time, Units, span,
    store::{Place, Totals, by_month, by_theme, read, total_by_measure},
};
use crate::{
    activity, catalogue,
    domain::{
        access::Scope,
        activity::{Draft, DraftQuantity},
        measure::{Precision, Total},
        period::{Day, Month, Period},
        unit::Unit,
    },
    run,
    server::{
        clock,
        context::Ctx,
        testing::{World, each_engine},
    },
    unit,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An entry of the ledger, as the tests know it.
#[derive(Clone, Debug)]
struct Entry {
    unit: usize,
    day: Day,
    day_to: Option<Day>,
    themes: Vec<i64>,
    campaigns: Vec<i64>,
    quantities: Vec<(i64, Precision, i64)>,
    withdrawn: bool,
}

/// Random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 40).expect("24 bits") % end
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(i64::try_from(from.len()).expect("few"))).expect("an index")]
    }

    fn some(&mut self, from: &[i64]) -> Vec<i64> {
        from.iter().copied().filter(|_| self.below(3) == 0).collect()
    }
}

pub(crate) struct Book {
    units: Vec<Unit>,
    measures: Vec<i64>,
    themes: Vec<i64>,
    campaigns: Vec<i64>,
    entries: Vec<Entry>,
}

const MEASURES: [&str; 3] = ["banner", "leaflet", "lecture"];
const THEMES: [&str; 3] = ["drugs", "safety", "constitution"];
const CAMPAIGNS: [&str; 3] = ["test-0", "test-1", "test-2"];

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// A town's two years, logged as everybody logs; some of it withdrawn again.
pub(crate) async fn book(world: &World) -> Book {
    let ctx = Ctx::for_program(world.db.clone(), Some(world.actor("zhao").await));
    let mut conn = world.db.write().await.expect("a transaction");
    let units = unit::store::all(&mut conn, &Scope::everything()).await.expect("the cast's units");
    let catalogue = catalogue::store::everything(&mut conn).await.expect("the built-in catalogue");
    let measure = |key: &str| catalogue.measure(key).map(|measure| measure.id);
    let theme = |key: &str| catalogue.theme(key).map(|theme| theme.id);
    let mut book = Book {
        measures: MEASURES.into_iter().filter_map(measure).collect(),
        themes: THEMES.into_iter().filter_map(theme).collect(),
        campaigns: vec![],
        entries: vec![],
        units,
    };
    for key in CAMPAIGNS {
        let campaign = run!(&mut conn, c => sqlx::query_scalar(
            "insert into campaign (key, unit_id, title, from_day, to_day, lead, note, created_by, created_at) \
             values ($1, $2, 'x', $3, $4, '', '', (select min(id) from account), $5) returning id")
            .bind(key).bind(book.units[0].id).bind(day("2020-01-01")).bind(day("2022-12-31")).bind(clock::now())
            .fetch_one(c).await)
        .expect("a campaign");
        book.campaigns.push(campaign);
    }
    let mut dice = Dice(7);
    let mut withdrawn = Vec::new();
    for _ in 0..160 {
        let first = day("2020-11-01") + chrono::Duration::days(dice.below(500));
        let mut quantities = Vec::new();
        for id in &book.measures {
            for precision in Precision::ALL {
                let value = dice.below(200) - 120;
                if value > 0 {
                    quantities.push((*id, *precision, value));
                }
            }
        }
        let entry = Entry {
            unit: usize::try_from(dice.below(i64::try_from(book.units.len()).expect("few"))).expect("an index"),
            day: first,
            day_to: (dice.below(4) == 0).then(|| first + chrono::Duration::days(1 + dice.below(70))),
            themes: dice.some(&book.themes),
            campaigns: dice.some(&book.campaigns),
            quantities,
            withdrawn: dice.below(10) == 0,
        };
        if entry.quantities.is_empty() {
            continue;
        }
        let draft = book.draft(&entry);
        if entry.withdrawn {
            withdrawn.push(draft.id);
        }
        activity::action::save_in(&mut conn, &ctx, &draft, ctx.now, None).await.expect("an entry is logged");
        book.entries.push(entry);
    }
    conn.commit().await.expect("the book is stored");
    for id in withdrawn {
        activity::action::withdraw(&ctx, id, "登记错了").await.expect("an entry is withdrawn");
    }
    book
}

impl Book {
    fn draft(&self, entry: &Entry) -> Draft {
        let keys = |ids: &[i64], all: &[i64], keys: [&str; 3]| {
            let at = |id: &i64| all.iter().position(|own| own == id).expect("one of the book's");
            ids.iter().map(|id| keys[at(id)].to_owned()).collect::<Vec<_>>()
        };
        Draft {
            id: Uuid::now_v7(),
            unit: self.units[entry.unit].code.clone(),
            date: entry.day,
            date_to: entry.day_to,
            kind: Some("lecture".into()),
            themes: keys(&entry.themes, &self.themes, THEMES),
            campaigns: keys(&entry.campaigns, &self.campaigns, CAMPAIGNS),
            event: None,
            classes: vec![],
            covers: vec![],
            quantities: entry
                .quantities
                .iter()
                .map(|(id, precision, value)| DraftQuantity {
                    measure: keys(&[*id], &self.measures, MEASURES).remove(0),
                    value: *value,
                    precision: *precision,
                })
                .collect(),
            note: String::new(),
            place: String::new(),
            organiser: String::new(),
            co_organisers: vec![],
            handler: String::new(),
        }
    }
}

/// The totals by their definition, one day of one entry at a time.
fn expected(book: &Book, root: &Unit, period: Period, filter: &Filter, cut: Cut) -> Totals {
    let parts = |ids: &[i64]| if ids.is_empty() { vec![0] } else { ids.to_vec() };
    let mut totals = Totals::new();
    for entry in book.entries.iter().filter(|entry| !entry.withdrawn) {
        let unit = &book.units[entry.unit];
        let (themes, campaigns) = (parts(&entry.themes), parts(&entry.campaigns));
        if !unit.path.starts_with(&root.path)
            || filter.theme.is_some_and(|id| !themes.contains(&id))
            || filter.campaign.is_some_and(|id| !campaigns.contains(&id))
        {
            continue;
        }
        let unit_id = match cut.units {
            Units::Whole => 0,
            Units::Own => unit.id,
            Units::Children => book
                .units
                .iter()
                .find(|child| child.parent_id == Some(root.id) && unit.path.starts_with(&child.path))
                .map_or(root.id, |child| child.id),
        };
        let (ids, asked) = match cut.part {
            Part::Whole => (vec![0], None),
            Part::Theme => (themes, filter.theme),
            Part::Campaign => (campaigns, filter.campaign),
        };
        for part_id in ids.into_iter().filter(|id| asked.is_none_or(|asked| asked == *id)) {
            let mut add = |on: Day, measure_id: i64, total: Total| {
                if period.contains(on) && filter.measure.is_none_or(|id| id == measure_id) {
                    let place = Place { unit_id, time: span::name(cut.time, on), part_id, measure_id };
                    *totals.entry(place).or_default() += total;
                }
            };
            let once = Total { activities: 1, ..Total::default() };
            add(entry.day, 0, once);
            let lasted = Period { from: entry.day, to: entry.day_to.unwrap_or(entry.day) };
            let measures: BTreeSet<i64> = entry.quantities.iter().map(|quantity| quantity.0).collect();
            for measure in measures {
                add(entry.day, measure, once);
            }
            for (measure, precision, value) in &entry.quantities {
                for (n, on) in lasted.each_day().enumerate() {
                    let extra = i64::from(i64::try_from(n).expect("few days") < value % lasted.days());
                    add(on, *measure, Total::of(*precision, value / lasted.days() + extra));
                }
            }
        }
    }
    totals.retain(|_, total| !total.is_zero());
    totals
}

fn random_filter(dice: &mut Dice, book: &Book) -> Filter {
    let with_none = |ids: &[i64]| [ids, &[0]].concat();
    let mut maybe = |ids: Vec<i64>| (dice.below(2) == 0).then(|| dice.pick(&ids));
    Filter {
        measure: maybe(with_none(&book.measures)),
        theme: maybe(with_none(&book.themes)),
        campaign: maybe(with_none(&book.campaigns)),
        ..Filter::default()
    }
}

#[tokio::test]
async fn totals_are_the_sum_of_the_ledger_for_any_period_filter_and_cut() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let book = book(&world).await;
        let mut conn = world.db.read().await.expect("a transaction");
        let mut dice = Dice(11);
        for _ in 0..300 {
            let from = day("2020-10-20") + chrono::Duration::days(dice.below(500));
            let mut period = Period { from, to: from + chrono::Duration::days(dice.below(300)) };
            if dice.below(3) == 0 {
                period = Period { from: Month::of(period.from).first(), to: Month::of(period.to).last() };
            }
            let filter = random_filter(&mut dice, &book);
            let cut = Cut {
                units: dice.pick(&[Units::Whole, Units::Own, Units::Children]),
                time: dice.pick(&[Time::Whole, Time::Month, Time::Year]),
                part: dice.pick(&[Part::Whole, Part::Theme, Part::Campaign]),
            };
            let at = usize::try_from(dice.below(i64::try_from(book.units.len()).expect("few"))).expect("an index");
            let root = &book.units[at];
            let found = read(&mut conn, root, period, &filter, cut).await.expect("totals");
            assert_eq!(found, expected(&book, root, period, &filter, cut), "{period:?} {filter:?} {cut:?} {root:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn twelve_months_are_the_year_and_parts_less_overlaps_the_whole() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let book = book(&world).await;
        let mut conn = world.db.read().await.expect("a transaction");
        let (county, year, all) = (&book.units[0], Period::year(2021), Filter::all());
        let whole = total_by_measure(&mut conn, county, year, &all).await.expect("totals");
        let mut months: BTreeMap<i64, Total> = BTreeMap::new();
        for ((_, measure), total) in by_month(&mut conn, county, year, &all).await.expect("totals") {
            *months.entry(measure).or_default() += total;
        }
        assert_eq!(months, whole);
        let parts = by_theme(&mut conn, county, year, &all).await.expect("totals");
        let sum = |measure| parts.iter().filter(|(key, _)| key.1 == measure).map(|(_, total)| *total).sum::<Total>();
        let entries = book.entries.iter().filter(|entry| !entry.withdrawn && year.contains(entry.day));
        let again: usize = entries.map(|entry| entry.themes.len().saturating_sub(1)).sum();
        assert!(again > 0);
        let overlap = sum(0).activities - whole[&0].activities;
        assert_eq!(overlap, i64::try_from(again).expect("few"));
    })
    .await;
}
