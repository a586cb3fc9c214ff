//! The rows of a file held against the database: which would be stored, which are refused and why, which are there.

use super::{
    book::{Book, cell_name},
    identity::{column_of, id_of},
    plan::{self, Choices, Laid, Placed, State},
    row::{Env, Named, Outcome, Prepared},
    skip::Skip,
    store::{self, Counts},
    units::Units,
};
use crate::{
    activity::{
        bulk::{Batch, Checker},
        bulk_question::{Asked, Asker},
        bulk_store,
    },
    campaign, catalogue,
    domain::{
        access::Scope,
        activity::{Checked, Draft},
        alias::head::Names,
        catalogue::Catalogue,
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
};
use uuid::Uuid;

/// Rows that are looked up and stored at once.
const AT_ONCE: usize = 500;

/// What a file is read with: the unit it is for, and all that its rows may name.
#[derive(Debug)]
pub struct Ground {
    pub unit: Unit,
    pub catalogue: Catalogue,
    pub units: Units,
    pub campaigns: Vec<Named>,
    pub kept: BTreeMap<String, plan::Columns>,
    pub scope: Scope,
}

/// Gathers what a file for a unit is read with.
///
/// # Errors
/// [`Error::Forbidden`] where the reader may not log there.
pub async fn ground(conn: &mut Conn, ctx: &Ctx, unit: Unit) -> Result<Ground> {
    let scope = match ctx.someone.as_deref() {
        Some(actor) if !actor.may_log(&unit) => return Err(Error::Forbidden),
        Some(actor) => actor.scope(),
        None => Scope::everything(),
    };
    let below = unit::store::at_and_below(conn, &unit).await?;
    let mut above = Vec::new();
    for id in unit.ancestry().into_iter().filter(|id| *id != unit.id) {
        above.push(unit::store::by_id(conn, &Scope::everything(), id).await?);
    }
    let filter = campaign::store::Filter { unit: Some(unit.clone()), ..Default::default() };
    let outlines = campaign::store::outlines(conn, &scope, &filter, campaign::store::PAGE_LIMIT).await?;
    let campaigns = outlines
        .into_iter()
        .filter(|one| !one.cancelled)
        .map(|one| Named { key: one.key, title: one.title, period: one.period })
        .collect();
    let kept = store::kept(conn, &unit.ancestry()).await?;
    let mut units = Units::new(below, &above);
    units.call(kept.get(plan::UNITS).unwrap_or(&BTreeMap::new()));
    let catalogue = catalogue::store::visible(conn, &unit).await?;
    Ok(Ground { catalogue, kept, units, campaigns, scope, unit })
}

/// How far a file has come.
#[derive(Debug, Default)]
pub struct Progress {
    pub done: AtomicUsize,
    pub total: AtomicUsize,
}

/// A cell and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub sheet: String,
    /// B7, or the row's number where no cell is to blame.
    pub cell: String,
    pub message: String,
}

/// A row that would be stored.
#[derive(Clone, Debug)]
pub struct Shown {
    pub sheet: String,
    pub row: u32,
    pub draft: Draft,
    pub unit: String,
    /// How many entries it becomes.
    pub entries: usize,
    pub already: bool,
    /// Its place among the file's rows: `0.12`.
    pub key: String,
    pub ticked: bool,
    /// The row of the same sheet that says the same.
    pub same_as: Option<u32>,
    /// What is asked about it, and the answer given here.
    pub asked: Vec<String>,
    pub answer: String,
}

/// How many, and where the first of them stand.
pub type Counted = (usize, Vec<String>);

/// What is remembered of a walk; the rest is counted only.
#[derive(Clone, Debug)]
pub struct Window {
    pub problems: Range<usize>,
    pub rows: Range<usize>,
}

/// What a walk through a file found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub counts: Counts,
    /// How many cells are wrong; those of the window.
    pub problems: usize,
    pub told: Vec<Told>,
    pub shown: Vec<Shown>,
    /// Rows passed over, by why, with the first of them.
    pub skipped: BTreeMap<Skip, Counted>,
    /// Rows that nobody ticked.
    pub left: usize,
    /// Of these the rows that say the same as one above.
    pub same: Counted,
    /// Rows about which something is asked.
    pub asked: Counted,
    /// Rows that name no unit and fall to the one that the file is for.
    pub unplaced: Counted,
    /// Names of units that are not known here, with how many rows name them.
    pub unknown_units: BTreeMap<String, usize>,
}

/// Rows and names that are remembered by their place.
const NAMED: usize = 10;
/// Unknown names that may be settled at once.
const MOST_UNKNOWN: usize = 40;

fn count(counted: &mut Counted, place: impl FnOnce() -> String) {
    counted.0 += 1;
    if counted.1.len() < NAMED {
        counted.1.push(place());
    }
}

/// An entry that was found right.
struct Ready {
    unit: Unit,
    draft: Draft,
    checked: Checked,
    /// Whether an unlock lets it into a closed period.
    unlocked: bool,
    /// What its id is made of.
    content: [u8; 32],
    occurrence: u32,
}

struct ReadyRow {
    sheet: String,
    row: u32,
    key: String,
    same_as: Option<u32>,
    unplaced: bool,
    entries: Vec<Ready>,
}

/// Walks through a file's rows.
struct Walk<'a> {
    ctx: &'a Ctx,
    ground: &'a Ground,
    choices: &'a Choices,
    checker: Checker,
    asker: Asker,
    window: Window,
    findings: Findings,
    waiting: Vec<ReadyRow>,
    /// How often a row with this content stood on this sheet, and the number of the first.
    occurrences: HashMap<(usize, [u8; 32]), (u32, u32)>,
    /// The ids of this file: a sheet that repeats another one's rows adds nothing.
    seen: HashSet<Uuid>,
    /// What each id already there turned out to be.
    batch: Option<Batch>,
}

/// Holds every row against the database; with a batch, what is right is stored.
///
/// # Errors
/// A fault of the database; what is wrong with rows is no error.
pub async fn examine(
    conn: &mut Conn,
    ctx: &Ctx,
    (ground, choices): (&Ground, &Choices),
    (book, laid): (&Book, &[Laid]),
    window: Window,
    batch: Option<Batch>,
    progress: &Progress,
) -> Result<Findings> {
    if batch.is_some() {
        conn.hold_closings().await?;
    }
    progress.total.store(plan::size(laid), Ordering::Relaxed);
    let names = Names::new(&ground.catalogue);
    let env = Env { names: &names, units: &ground.units, campaigns: &ground.campaigns, locale: ctx.locale };
    let mut walk = Walk {
        ctx,
        ground,
        choices,
        checker: Checker::default(),
        asker: Asker::default(),
        window,
        findings: Findings::default(),
        waiting: Vec::new(),
        occurrences: HashMap::new(),
        seen: HashSet::new(),
        batch,
    };
    for placed in plan::rows(book, laid, env) {
        progress.done.fetch_add(1, Ordering::Relaxed);
        walk.row(conn, placed).await?;
        if walk.waiting.len() >= AT_ONCE {
            walk.settle(conn).await?;
        }
    }
    walk.settle(conn).await?;
    if let Some(batch) = walk.batch.take() {
        batch.finish(conn).await?;
    }
    Ok(walk.findings)
}

impl Walk<'_> {
    async fn row(&mut self, conn: &mut Conn, placed: Placed<'_>) -> Result<()> {
        let prepared = match placed.outcome {
            Outcome::Drafts(prepared) => prepared,
            Outcome::Skipped(skip) => {
                let row = self.ctx.locale.import_row(placed.row);
                count(self.findings.skipped.entry(skip).or_default(), || place_name(placed.sheet, &row));
                return Ok(());
            }
            Outcome::Refused(ref faults) => {
                for fault in faults {
                    let unknown = &mut self.findings.unknown_units;
                    if let Some(name) = &fault.unknown_unit
                        && (unknown.len() < MOST_UNKNOWN || unknown.contains_key(name))
                    {
                        *unknown.entry(name.clone()).or_default() += 1;
                    }
                    self.tell(placed.sheet, placed.row, fault.column, &fault.message);
                }
                self.findings.counts.refused += 1;
                return Ok(());
            }
        };
        let mut entries = Vec::new();
        let mut same_as = None;
        let is_unplaced = prepared.iter().any(|one| one.unplaced);
        for Prepared { mut draft, columns, .. } in prepared {
            let (content, occurrence, first) = self.identify(placed.place, placed.row, &mut draft);
            same_as = same_as.or((occurrence > 1).then_some(first));
            match self.checker.check(conn, self.ctx, &self.ground.scope, &draft).await? {
                Ok((unit, checked, unlocked)) => {
                    entries.push(Ready { unit, draft, checked, unlocked, content, occurrence });
                }
                Err(problems) => {
                    for problem in problems {
                        let column = column_of(placed.table, &columns, &problem.field);
                        self.tell(placed.sheet, placed.row, column, &problem.message);
                    }
                    self.findings.counts.refused += 1;
                    return Ok(());
                }
            }
        }
        self.waiting.push(ReadyRow {
            sheet: placed.sheet.to_owned(),
            row: placed.row,
            key: format!("{}.{}", placed.place, placed.row),
            same_as,
            unplaced: is_unplaced,
            entries,
        });
        Ok(())
    }

    fn tell(&mut self, sheet: &str, row: u32, column: Option<u16>, message: &str) {
        let number = self.findings.problems;
        self.findings.problems += 1;
        if self.window.problems.contains(&number) {
            let cell = column.map_or_else(|| self.ctx.locale.import_row(row), |column| cell_name(column, row));
            self.findings.told.push(Told { sheet: sheet.to_owned(), cell, message: message.to_owned() });
        }
    }

    /// Gives a draft its id: the same row of the same ledger has the same one, also in a file that was saved anew.
    fn identify(&mut self, sheet: usize, row: u32, draft: &mut Draft) -> ([u8; 32], u32, u32) {
        draft.id = Uuid::nil();
        let mut sorted = draft.clone();
        sorted.quantities.sort_by(|one, other| (&one.measure, one.precision).cmp(&(&other.measure, other.precision)));
        // A draft is plain data: it can always be written.
        let text = serde_json::to_vec(&sorted).unwrap_or_default();
        let content: [u8; 32] = Sha256::digest(&text).into();
        let (occurrence, first) = self.occurrences.entry((sheet, content)).or_insert((0, row));
        *occurrence += 1;
        draft.id = id_of(&content, *occurrence, 0);
        (content, *occurrence, *first)
    }

    /// Looks up which of the waiting rows are there, and stores the others.
    async fn settle(&mut self, conn: &mut Conn) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let ids: Vec<Uuid> = waiting.iter().flat_map(|row| row.entries.iter().map(|entry| entry.draft.id)).collect();
        let mut taken: HashMap<Uuid, bool> = bulk_store::taken(conn, &ids).await?.into_iter().collect();
        for row in waiting {
            let entries = row.entries.len();
            let first = row.entries.first().map(|entry| (entry.draft.clone(), entry.unit.short_name.clone()));
            let ticked = self.choices.takes(&row.key, row.same_as.is_some());
            let answer = self.choices.answers.get(&row.key).cloned().unwrap_or_default();
            let (mut stored, mut left) = (0, 0);
            let mut words: Vec<String> = Vec::new();
            for mut entry in row.entries {
                if !self.seen.insert(entry.draft.id) {
                    continue;
                }
                // Of an import that was undone, the rows may come in anew.
                let mut round = 0;
                while taken.get(&entry.draft.id) == Some(&true) {
                    round += 1;
                    let id = id_of(&entry.content, entry.occurrence, round);
                    entry.draft.id = id;
                    entry.checked.id = id;
                    taken.extend(bulk_store::taken(conn, &[id]).await?);
                }
                if taken.contains_key(&entry.draft.id) {
                    continue;
                }
                if !ticked {
                    left += 1;
                    continue;
                }
                stored += 1;
                let asked = self.ask(conn, &entry).await?;
                words.extend(asked.iter().map(|(_, words)| words.clone()));
                if let Some(batch) = &mut self.batch {
                    batch.ask(entry.draft.id, asked, &answer);
                    batch.put(conn, &entry.unit, entry.draft, entry.checked, entry.unlocked).await?;
                }
            }
            words.dedup();
            let findings = &mut self.findings;
            let counts = &mut findings.counts;
            let number = usize::try_from(counts.accepted + counts.already).unwrap_or_default() + findings.left;
            counts.entries += i64::from(stored);
            let place = || place_name(&row.sheet, &self.ctx.locale.import_row(row.row));
            match (stored, left) {
                (0, 0) => counts.already += 1,
                (0, _) => {
                    findings.left += 1;
                    if row.same_as.is_some() {
                        count(&mut findings.same, place);
                    }
                }
                _ => {
                    counts.accepted += 1;
                    if !words.is_empty() {
                        count(&mut findings.asked, place);
                    }
                    if row.unplaced {
                        count(&mut findings.unplaced, place);
                    }
                }
            }
            if let Some((draft, unit)) = first.filter(|_| self.window.rows.contains(&number)) {
                findings.shown.push(Shown {
                    sheet: row.sheet,
                    row: row.row,
                    draft,
                    unit,
                    entries,
                    already: stored == 0 && left == 0,
                    key: row.key,
                    ticked,
                    same_as: row.same_as,
                    asked: words,
                    answer,
                });
            }
        }
        Ok(())
    }

    async fn ask(&mut self, conn: &mut Conn, entry: &Ready) -> Result<Asked> {
        self.asker.ask(conn, self.ctx.locale, &entry.unit, &entry.checked, &self.ground.catalogue).await
    }
}

/// Sheet and cell as one: 天坪村!B7.
pub fn place_name(sheet: &str, cell: &str) -> String {
    format!("{sheet}!{cell}")
}

/// The ledgers of a file as its reader settled them.
pub fn lay(book: &Book, ground: &Ground, choices: &Choices) -> Vec<Laid> {
    let names = Names::new(&ground.catalogue);
    plan::lay(book, &names, &ground.units, choices, &ground.kept)
}

/// Whether a file holds any ledger.
pub fn holds_ledger(laid: &[Laid]) -> bool {
    laid.iter().any(|laid| matches!(laid.state, State::Read | State::LeftOut))
}
