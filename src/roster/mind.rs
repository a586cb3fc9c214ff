//! What of the rosters is called to mind: ends within sixty days, and venues that were not renewed this quarter. For the
//! page of the rosters, the tasks and the first page.

use super::{
    store::{self, Entry},
    words,
};
use crate::{
    domain::{
        period::{Day, Each, Period},
        roster::REMIND_DAYS,
        unit::Unit,
    },
    error::Result,
    figure::{self, Filter},
    locale::Locale,
    server::{context::Ctx, db::Conn},
};
use chrono::Days;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Why an entry is called to mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its term, contract or title ends on the day, or ended there.
    Ends(Day),
    /// So does its certificate.
    Certificate(Day),
    /// It was not renewed this quarter; when it was the last time.
    NotRenewed(Option<Day>),
}

/// An entry that is called to mind.
#[derive(Clone, Debug)]
pub struct Reminder {
    pub entry: Entry,
    pub why: Why,
}

impl Reminder {
    pub fn address(&self) -> String {
        format!("/rosters/{}/{}", self.entry.kind, self.entry.id)
    }

    /// Who or what it is about: 天坪村 王五（法律明白人）.
    pub fn subject(&self, locale: Locale) -> String {
        let name = words::name(locale, &self.entry);
        locale.roster_subject(name, words::title(locale, self.entry.kind), &self.entry.unit_name)
    }

    pub fn words(&self, locale: Locale, today: Day) -> String {
        match self.why {
            Why::Ends(day) if day < today => locale.roster_mind_ended(day),
            Why::Ends(day) => locale.roster_mind_ends(day, (day - today).num_days()),
            Why::Certificate(day) if day < today => locale.roster_mind_certificate_ended(day),
            Why::Certificate(day) => locale.roster_mind_certificate(day, (day - today).num_days()),
            Why::NotRenewed(None) => locale.roster_mind_never_renewed().to_owned(),
            Why::NotRenewed(Some(day)) => locale.roster_mind_not_renewed(day),
        }
    }
}

/// What is called to mind at a unit and below, in the order of codes.
pub async fn reminders(ctx: &Ctx, conn: &mut Conn, unit: &Unit) -> Result<Vec<Reminder>> {
    let today = ctx.today;
    let ends = Period { from: today - Days::new(REMIND_DAYS), to: today + Days::new(REMIND_DAYS) };
    let quarter = Each::Quarter.around(today).unwrap_or(Period { from: today, to: today });
    let entries = store::to_mind(conn, unit, ends, today, quarter).await?;
    let mut found = Vec::new();
    let mut stale: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        if let Some(day) = entry.to_day.filter(|day| ends.contains(*day)) {
            found.push(Reminder { entry, why: Why::Ends(day) });
        } else if let Some(day) = entry.certificate_to.filter(|day| ends.contains(*day)) {
            found.push(Reminder { entry, why: Why::Certificate(day) });
        } else {
            stale.entry(entry.unit_id).or_default().push(entry);
        }
    }
    if !stale.is_empty() {
        // Nobody is asked again for what was logged: as many boards renewed this quarter as stand open here will do.
        let logged = bulletins(conn, unit, quarter).await?;
        for (unit_id, entries) in stale {
            if logged.get(&unit_id).copied().unwrap_or_default() < entries.len() as i64 {
                found
                    .extend(entries.into_iter().map(|entry| Reminder { why: Why::NotRenewed(entry.last_mark), entry }));
            }
        }
    }
    found.sort_by(|a, b| {
        (&a.entry.unit_code, a.entry.kind, a.entry.id).cmp(&(&b.entry.unit_code, b.entry.kind, b.entry.id))
    });
    Ok(found)
}

/// The boards renewed in a period by what was logged, by unit.
async fn bulletins(conn: &mut Conn, unit: &Unit, period: Period) -> Result<BTreeMap<i64, i64>> {
    logged(conn, unit, period, "bulletin").await
}

/// What was logged of a built-in measure in a period, at each unit itself; of what is certain.
pub async fn logged(conn: &mut Conn, unit: &Unit, period: Period, key: &str) -> Result<BTreeMap<i64, i64>> {
    let catalogue = crate::catalogue::store::visible(conn, unit).await?;
    let Some(measure) = catalogue.measure(key) else { return Ok(BTreeMap::new()) };
    let own = figure::store::own_by_unit(conn, unit, period, &Filter::of_measure(measure.id)).await?;
    Ok(own.into_iter().map(|((unit_id, _), total)| (unit_id, total.lower_bound())).collect())
}

/// How many reminders stand among the tasks; the others are counted.
const SHOWN: usize = 8;

/// What is called to mind, among the reader's tasks: one line each, with where it is mended.
pub fn tasks(ctx: &Ctx, unit: &Unit, reminders: &[Reminder]) -> Option<AnyView> {
    let locale = ctx.locale;
    if reminders.is_empty() {
        return None;
    }
    let items = reminders
        .iter()
        .take(SHOWN)
        .map(|one| {
            view! {
                <li class="task">
                    <p class="when">{one.words(locale, ctx.today)}</p>
                    <p class="what"><a href=one.address()>{one.subject(locale)}</a></p>
                </li>
            }
        })
        .collect_view();
    let all = format!("/rosters?unit={}#reminders", unit.code);
    let more = locale.roster_reminders_more(reminders.len());
    Some(
        view! {
            <section>
                <h2>{locale.roster_reminders()}" "<span class="muted">{reminders.len()}</span></h2>
                <ul class="tasks">{items}</ul>
                <p><a href=all>{more}</a></p>
            </section>
        }
        .into_any(),
    )
}
