//! A proposal, as it was adjusted, becomes draft events of a campaign.

use crate::{
    campaign::{action, event_action},
    domain::{
        campaign,
        event::{self, at},
        period::{Day, Period},
        problem::Problems,
    },
    error::{Error, Result},
    server::context::Ctx,
};
use chrono::NaiveTime;

/// A session that somebody keeps.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Its number on the form: problems name `day.3`.
    pub number: usize,
    /// The unit's code.
    pub unit: String,
    pub day: String,
    pub lead: String,
    pub activity_type: String,
}

/// What is to be put on the calendar.
#[derive(Clone, Debug, Default)]
pub struct Accept {
    /// The key of a campaign; empty: a new one is made.
    pub campaign: String,
    /// The days that were asked about: a new campaign spans them, so that a session can be moved within them.
    pub asked: Option<Period>,
    /// The code of the new campaign's owner, its title and the keys of its themes.
    pub unit: String,
    pub title: String,
    pub themes: Vec<String>,
    /// Times of day: 09:00.
    pub starts: String,
    pub ends: String,
    pub sessions: Vec<Kept>,
}

/// Stores the sessions as draft events, all or none, with the campaign where it is new: its key, and how many.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn accept(ctx: &Ctx, accept: Accept) -> Result<(String, usize)> {
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let mut time = |field: &str, text: &str| {
        let time = NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        if time.is_none() {
            problems.add(field, locale.event_time_of_day_malformed());
        }
        time
    };
    let (starts, ends) = (time("starts", &accept.starts), time("ends", &accept.ends));
    let mut days: Vec<Day> = Vec::new();
    for one in &accept.sessions {
        match one.day.trim().parse() {
            Ok(day) => days.push(day),
            Err(_) => problems.add(format!("day.{}", one.number), locale.schedule_day_missing()),
        }
    }
    if accept.sessions.is_empty() {
        problems.add("take", locale.schedule_nothing_kept());
    }
    let span = days.iter().min().zip(days.iter().max());
    let (Some(starts), Some(ends), Some((&first, &last)), true) = (starts, ends, span, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    let mut conn = ctx.db.write().await?;
    let key = match accept.campaign.as_str() {
        "" => {
            let (first, last) = match accept.asked {
                Some(asked) => (first.min(asked.from), last.max(asked.to)),
                None => (first, last),
            };
            let draft = campaign::Draft {
                unit: accept.unit,
                title: accept.title,
                themes: accept.themes,
                from: first.to_string(),
                to: last.to_string(),
                ..campaign::Draft::default()
            };
            action::create_in(ctx, &mut conn, draft).await?.key
        }
        key => key.to_owned(),
    };
    let instant = |day: Day, time| at(day, time).map(|instant| instant.to_rfc3339()).unwrap_or_default();
    let drafts: Vec<event::Draft> = accept
        .sessions
        .iter()
        .zip(&days)
        .map(|(one, day)| event::Draft {
            campaign: key.clone(),
            unit: one.unit.clone(),
            starts_at: instant(*day, starts),
            ends_at: instant(*day, ends),
            lead: one.lead.clone(),
            place: String::new(),
            draft: true,
            activity_type: one.activity_type.clone(),
        })
        .collect();
    let stored = event_action::create_all(ctx, &mut conn, &drafts, None).await;
    let ids = stored.map_err(|error| on_form(error, &accept.sessions))?;
    conn.commit().await?;
    Ok((key, ids.len()))
}

/// A problem of the nth draft belongs to its day on the form; the campaign's and the end's to their own fields.
fn on_form(error: Error, sessions: &[Kept]) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    for problem in &mut problems {
        let mut parts = problem.field.split('.').skip(1);
        let session = parts.next().and_then(|index| sessions.get(index.parse::<usize>().ok()?));
        problem.field = match (session, parts.next()) {
            (_, Some("campaign")) => "campaign".into(),
            (_, Some("ends_at")) => "ends".into(),
            (Some(session), _) => format!("day.{}", session.number),
            (None, _) => continue,
        };
    }
    problems.dedup();
    Error::Invalid(problems)
}
