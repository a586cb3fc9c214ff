//! Units from a list: CSV with the columns `code,name,parent_code`, all of it or nothing.
//!
//! What an existing unit is called follows the list, and nothing else of it; parents may stand after their children.

use super::{
    action::{check_name, managed_home, may_add_root},
    store, write_store,
};
use crate::{
    account,
    domain::{
        access::{Actor, Role, Scope},
        problem::Problem,
        unit::{ChangeKind, Unit, UnitKind, is_code, short_name},
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        audit::{self, Entry},
        context::Ctx,
    },
};
use serde_json::json;
use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
};

/// The columns, each with the names it may bear.
const COLUMNS: [(&str, &[&str]); 3] =
    [("code", &["code", "代码"]), ("name", &["name", "名称"]), ("parent_code", &["parent_code", "上级代码"])];

/// The most problems that are told at once.
const MOST_PROBLEMS: usize = 20;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: usize,
    pub renamed: usize,
    pub unchanged: usize,
}

impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} added, {} renamed, {} unchanged", self.added, self.renamed, self.unchanged)
    }
}

/// A line of the list.
#[derive(Debug)]
struct Line {
    /// Its number in the file, from 1.
    number: u64,
    code: String,
    name: String,
    parent: Option<String>,
}

/// What is wrong, by line and column.
struct Complaints {
    locale: Locale,
    list: Vec<Problem>,
}

impl Complaints {
    fn add(&mut self, line: u64, column: &str, message: impl AsRef<str>) {
        self.list.push(Problem::new("csv", self.locale.import_at(column, line, message.as_ref())));
    }

    fn into_result(mut self) -> Result<()> {
        if self.list.is_empty() {
            return Ok(());
        }
        let more = self.list.len().saturating_sub(MOST_PROBLEMS);
        if more > 0 {
            self.list.truncate(MOST_PROBLEMS);
            self.list.push(Problem::new("csv", self.locale.import_more(more)));
        }
        Err(Error::Invalid(self.list))
    }
}

/// Takes in a list of units, in one transaction. The command line, which owns the database, may add and rename
/// anything; somebody who is logged in what lies at and below the units they manage, and a root where [`may_add_root`].
///
/// # Errors
/// All that is wrong by line and column, under the field `csv`; then nothing was changed.
pub async fn import_units(ctx: &Ctx, mut reader: impl Read) -> Result<Imported> {
    let actor = ctx.someone.as_deref();
    if actor.is_some_and(|actor| managed_home(actor).is_none()) {
        return Err(Error::Forbidden);
    }
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(Error::internal)?;
    let mut complaints = Complaints { locale: ctx.locale, list: Vec::new() };
    let lines = parse(ctx.locale, &bytes, &mut complaints)?;
    let mut conn = ctx.db.write().await?;
    let mut known: HashMap<String, Unit> =
        store::all(&mut conn, &Scope::everything()).await?.into_iter().map(|unit| (unit.code.clone(), unit)).collect();
    let plan = plan(ctx.locale, actor, &lines, &known, &mut complaints);
    complaints.into_result()?;
    let mut done = Imported { unchanged: lines.len() - plan.renamed.len() - plan.added.len(), ..Imported::default() };
    let mut names = Vec::new();
    for line in plan.renamed {
        let Some(unit) = known.get_mut(&line.code) else { continue };
        let former = std::mem::replace(&mut unit.name, line.name.clone());
        unit.short_name = short_name(&line.name).to_owned();
        write_store::update(&mut conn, unit).await?;
        write_store::note(&mut conn, unit.id, ctx.today, ChangeKind::Renamed, &former).await?;
        names.push(json!({"code": unit.code, "from": former, "to": unit.name}));
        done.renamed += 1;
    }
    let mut codes = Vec::new();
    for (kind, line) in plan.added {
        let parent = line.parent.as_ref().and_then(|code| known.get(code));
        let new = write_store::New {
            code: &line.code,
            parent,
            kind,
            name: &line.name,
            households: None,
            population: None,
            active_from: None,
            active_to: None,
        };
        let unit = write_store::insert(&mut conn, new).await?;
        let unit = unit.ok_or_else(|| Error::invalid("csv", ctx.locale.unit_code_taken(&line.code)))?;
        if let Some(actor) = actor.filter(|_| unit.parent_id.is_none()) {
            account::store::give(&mut conn, actor.account_id, Role::Admin, unit.id).await?;
        }
        codes.push(unit.code.clone());
        known.insert(unit.code.clone(), unit);
        done.added += 1;
    }
    if done.added + done.renamed > 0 {
        let entry = Entry {
            actor,
            unit_id: actor.and_then(managed_home),
            action: "unit.import",
            subject: done.to_string(),
            detail: json!({"added": codes, "renamed": names}),
        };
        audit::record(&mut conn, ctx.now, entry).await?;
    }
    conn.commit().await?;
    Ok(done)
}

/// The lines of the file.
fn parse(locale: Locale, bytes: &[u8], complaints: &mut Complaints) -> Result<Vec<Line>> {
    let refused = |message: String| Error::invalid("csv", message);
    let text = std::str::from_utf8(bytes).map_err(|_| refused(locale.import_not_utf8().into()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // What is pasted from a spreadsheet has tabs.
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.contains('\t') && !head.contains(',') { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| refused(error.to_string()))?.clone();
    let mut places = BTreeMap::new();
    for (column, names) in COLUMNS {
        let place = header.iter().position(|name| names.contains(&name.to_ascii_lowercase().as_str()));
        places.insert(column, place.ok_or_else(|| refused(locale.import_header(column)))?);
    }
    let mut lines = Vec::new();
    let mut first_at: HashMap<String, u64> = HashMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        let cell = |column: &str| places.get(column).and_then(|place| record.get(*place)).unwrap_or_default();
        if record.iter().all(str::is_empty) {
            continue;
        }
        let number = record.position().map_or(0, csv::Position::line);
        let (code, name) = (cell("code").to_owned(), cell("name").to_owned());
        if !is_code(&code) {
            complaints.add(number, "code", locale.unit_code_wrong());
        } else if let Some(first) = first_at.insert(code.clone(), number) {
            complaints.add(number, "code", locale.import_twice(&code, first));
        }
        if let Err(message) = check_name(locale, &name) {
            complaints.add(number, "name", message);
        }
        let parent = Some(cell("parent_code").to_owned()).filter(|parent| !parent.is_empty());
        lines.push(Line { number, code, name, parent });
    }
    if lines.is_empty() {
        return Err(refused(locale.import_empty().into()));
    }
    Ok(lines)
}

/// What is to be done.
struct Plan<'a> {
    renamed: Vec<&'a Line>,
    /// Parents before their children.
    added: Vec<(UnitKind, &'a Line)>,
}

fn plan<'a>(
    locale: Locale,
    actor: Option<&Actor>,
    lines: &'a [Line],
    known: &HashMap<String, Unit>,
    complaints: &mut Complaints,
) -> Plan<'a> {
    let listed: HashMap<&str, &Line> = lines.iter().map(|line| (line.code.as_str(), line)).collect();
    let kind_of = |code: &str| match known.get(code) {
        Some(unit) => Some(unit.kind),
        None => listed.get(code).and_then(|line| UnitKind::from_code(&line.code)),
    };
    let may_change = |unit: &Unit| actor.is_none_or(|actor| actor.may_manage(unit));
    let mut plan = Plan { renamed: Vec::new(), added: Vec::new() };
    for line in lines.iter().filter(|line| is_code(&line.code)) {
        if let Some(unit) = known.get(&line.code) {
            if !may_change(unit) {
                complaints.add(line.number, "code", locale.import_not_yours());
            } else if unit.name != line.name {
                plan.renamed.push(line);
            }
            continue;
        }
        let Some(kind) = UnitKind::from_code(&line.code) else {
            complaints.add(line.number, "code", locale.import_kind_unknown());
            continue;
        };
        match &line.parent {
            None if actor.is_some_and(|actor| !may_add_root(actor)) => {
                complaints.add(line.number, "parent_code", locale.import_root_not_yours());
                continue;
            }
            Some(parent) if kind_of(parent).is_none() => {
                complaints.add(line.number, "parent_code", locale.unit_unknown(parent));
                continue;
            }
            Some(parent) if known.get(parent).is_some_and(|unit| !may_change(unit)) => {
                complaints.add(line.number, "parent_code", locale.import_not_yours());
                continue;
            }
            _ => {}
        }
        if !kind.fits_below(line.parent.as_deref().and_then(kind_of)) {
            complaints.add(line.number, "parent_code", locale.unit_kind_misplaced());
            continue;
        }
        plan.added.push((kind, line));
    }
    // What fits below something is of a later kind, so this order has parents first, and no circle passes.
    plan.added.sort_by_key(|(kind, _)| *kind);
    plan
}
