//! `/audit`: who did what, when, to what.

use super::{
    action,
    store::{AuditFilter, AuditRow},
};
use crate::{
    domain::period::{Day, is_near},
    locale::Locale,
    server::{clock, context::Ctx},
    ui::page::{Page, page},
};
use chrono::{DateTime, Days, Utc};
use leptos::prelude::*;
use serde_json::Value;

/// Entries on one page.
const PAGE: i64 = 50;

/// The kinds of things that the trail speaks of, as the filter offers them.
const NOUNS: [&str; 17] = [
    "activity",
    "account",
    "unit",
    "class",
    "measure",
    "type",
    "theme",
    "plan",
    "indicator",
    "target",
    "stock",
    "roster",
    "survey",
    "milestone",
    "campaign",
    "event",
    "database",
];

/// The beginning of a day in UTC+8.
fn start(day: Day) -> Option<DateTime<Utc>> {
    day.and_hms_opt(0, 0, 0)?.and_local_timezone(clock::offset()).single().map(|start| start.with_timezone(&Utc))
}

fn filter(ctx: &Ctx) -> AuditFilter {
    let day = |name: &str| ctx.query.get(name).parse::<Day>().ok().filter(|day| is_near(*day));
    AuditFilter {
        who: ctx.query.filled("who").map(str::to_owned),
        action: ctx.query.filled("action").map(str::to_owned),
        from: day("from").and_then(start),
        until: day("to").and_then(|day| day.checked_add_days(Days::new(1))).and_then(start),
        before: ctx.query.get("before").parse().ok(),
        without_unit: false,
    }
}

/// `/audit`.
pub fn audit() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut rows = action::audit(&ctx, filter(&ctx), PAGE + 1).await?;
        let next = if rows.len() as i64 > PAGE {
            rows.truncate(PAGE as usize);
            rows.last().map(|row| format!("/audit?{}", ctx.query.with("before", Some(&row.id.to_string()))))
        } else {
            None
        };
        let is_empty = rows.is_empty();
        let rows = rows.into_iter().map(|row| row_view(locale, row)).collect_view();
        let value = |name: &str| ctx.query.get(name).to_owned();
        let chosen = value("action");
        let options = NOUNS
            .into_iter()
            .map(|noun| {
                let selected = noun == chosen;
                view! { <option value=noun selected=selected>{noun_name(locale, noun)}</option> }
            })
            .collect_view();
        let body = view! {
            <form class="filters" method="get">
                <label>{locale.audit_who()}" "<input name="who" value=value("who")/></label>
                <label>{locale.audit_what()}" "
                    <select name="action"><option value="">{locale.all()}</option>{options}</select>
                </label>
                <label>{locale.audit_from()}" "<input type="date" name="from" value=value("from")/></label>
                <label>{locale.audit_to()}" "<input type="date" name="to" value=value("to")/></label>
                <button class="button">{locale.show()}</button>
            </form>
            {if is_empty {
                view! { <div class="empty"><p>{locale.audit_empty()}</p></div> }.into_any()
            } else {
                view! {
                    <div class="scroll" tabindex="0" role="region" aria-label=locale.audit_title()><table class="table">
                        <caption>{locale.audit_caption()}</caption>
                        <thead><tr>
                            <th scope="col">{locale.audit_when()}</th><th scope="col">{locale.audit_who()}</th>
                            <th scope="col">{locale.audit_unit()}</th><th scope="col">{locale.audit_what()}</th>
                            <th scope="col">{locale.audit_detail()}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table></div>
                }.into_any()
            }}
            {next.map(|next| view! { <p><a class="button" rel="next" href=next>{locale.audit_older()}</a></p> })}
        };
        Ok(Page::new("/settings", locale.audit_title(), body))
    })
}

fn row_view(locale: Locale, row: AuditRow) -> impl IntoView {
    let who = row.display_name.map_or(row.account_name.clone(), |name| format!("{name}（{}）", row.account_name));
    let facts = match &row.detail.0 {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| view! { <li><span class="muted">{key_name(locale, key).to_owned()}</span>" "{plain(value)}</li> })
            .collect_view(),
        _ => Vec::new(),
    };
    view! {
        <tr>
            <td>{clock::minute(row.at)}</td>
            <td>{who}</td>
            <td>{row.unit_name.unwrap_or_default()}</td>
            <th scope="row">{action_name(locale, &row.action)}</th>
            <td>{row.subject}{(!facts.is_empty()).then(|| view! { <ul class="plain">{facts}</ul> })}</td>
        </tr>
    }
}

/// What a member of an entry's detail is called; what has no word yet is shown as it is stored.
fn key_name(locale: Locale, key: &str) -> &str {
    match key {
        "reason" => locale.audit_key_reason(),
        "before" | "from" | "old" => locale.audit_key_before(),
        "after" | "to" | "new" => locale.audit_key_after(),
        "name" => locale.audit_key_name(),
        "display_name" => locale.account_display_name(),
        "role" => locale.account_role(),
        "roles" => locale.account_roles(),
        "unit" => locale.audit_unit(),
        "units" => locale.account_units(),
        "label" => locale.token_label(),
        other => other,
    }
}

/// A value without the quotes of JSON where it is a text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// `activity.withdraw` in the reader's words: 作废活动. What has no word yet is shown as it is stored.
fn action_name(locale: Locale, action: &str) -> String {
    if let Some(words) = whole_name(locale, action) {
        return words.to_owned();
    }
    let Some((noun, verb)) = action.split_once('.') else { return noun_name(locale, action).to_owned() };
    let noun = noun_name(locale, noun);
    match verb_name(locale, verb) {
        Some(verb) => locale.audit_action(noun, verb),
        None => format!("{noun} {verb}"),
    }
}

/// What is not said well by putting a verb before a noun.
fn whole_name(locale: Locale, action: &str) -> Option<&'static str> {
    Some(match action {
        "closing.close" => locale.audit_did_closing_close(),
        "closing.reopen" => locale.audit_did_closing_reopen(),
        "closing.unlock" => locale.audit_did_closing_unlock(),
        "activity.accept" => locale.audit_did_accept(),
        "activity.accept_many" => locale.audit_did_accept_many(),
        "activity.return" => locale.audit_did_return(),
        "activity.unmerge" => locale.audit_did_unmerge(),
        "activity.not_double" => locale.audit_did_not_double(),
        "activity.restore" => locale.audit_did_restore(),
        "activity.answer" => locale.audit_did_answer(),
        "report.make" => locale.audit_did_report_make(),
        "report.refresh" => locale.audit_did_report_refresh(),
        "report.step" => locale.audit_did_report_step(),
        "report.quote" => locale.audit_did_report_quote(),
        "report.unquote" => locale.audit_did_report_unquote(),
        "closing.end_unlock" => locale.audit_did_closing_end_unlock(),
        "plan.rollover" => locale.audit_did_plan_rollover(),
        "plan.rollover_back" => locale.audit_did_plan_rollover_back(),
        _ => return None,
    })
}

fn noun_name(locale: Locale, noun: &str) -> &str {
    match noun {
        "activity" => locale.audit_noun_activity(),
        "account" => locale.audit_noun_account(),
        "session" => locale.audit_noun_session(),
        "token" => locale.audit_noun_token(),
        "unit" => locale.audit_noun_unit(),
        "class" => locale.audit_noun_class(),
        "measure" => locale.audit_noun_measure(),
        "type" | "activity_type" => locale.audit_noun_type(),
        "theme" => locale.audit_noun_theme(),
        "plan" => locale.audit_noun_plan(),
        "indicator" => locale.audit_noun_indicator(),
        "target" => locale.audit_noun_target(),
        "stock" => locale.audit_noun_stock(),
        "roster" => locale.rosters_title(),
        "inspection" => locale.inspections_title(),
        "survey" => locale.audit_noun_survey(),
        "milestone" => locale.audit_noun_milestone(),
        "campaign" => locale.audit_noun_campaign(),
        "event" => locale.audit_noun_event(),
        "database" => locale.audit_noun_database(),
        "set_up" => locale.audit_noun_set_up(),
        "feedback" => locale.feedback(),
        "import" => locale.audit_noun_import(),
        "report" => locale.audit_noun_report(),
        other => other,
    }
}

fn verb_name(locale: Locale, verb: &str) -> Option<&'static str> {
    Some(match verb {
        "add" | "create" | "save" => locale.audit_verb_add(),
        "change" | "rename" | "set" | "edit" => locale.audit_verb_change(),
        "correct" => locale.audit_verb_correct(),
        "withdraw" => locale.audit_verb_withdraw(),
        "close" => locale.audit_verb_close(),
        "reopen" | "resume" => locale.audit_verb_reopen(),
        "erase" => locale.audit_verb_erase(),
        "mark" => locale.audit_verb_mark(),
        "unmark" => locale.audit_verb_unmark(),
        "export" => locale.audit_verb_export(),
        "retention" => locale.audit_verb_retention(),
        "item" | "items" | "prove" => locale.audit_verb_change(),
        "folder" => locale.audit_verb_folder(),
        "retire" => locale.audit_verb_retire(),
        "remove" | "delete" => locale.audit_verb_remove(),
        "cancel" => locale.audit_verb_cancel(),
        "merge" => locale.audit_verb_merge(),
        "import" => locale.audit_verb_import(),
        "roles" => locale.audit_verb_roles(),
        "password" => locale.audit_verb_password(),
        "link" => locale.audit_verb_link(),
        "link_used" => locale.audit_verb_link_used(),
        "hand_over" => locale.audit_verb_hand_over(),
        "revoke" => locale.audit_verb_revoke(),
        "end" => locale.audit_verb_end(),
        "backup" => locale.audit_verb_backup(),
        "restore" => locale.audit_verb_restore(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_in_the_readers_words() {
        assert_eq!(action_name(Locale::Zh, "activity.withdraw"), "作废活动记录");
        assert_eq!(action_name(Locale::En, "account.hand_over"), "Account: handed over");
        assert_eq!(action_name(Locale::En, "thing.frobnicate"), "thing frobnicate");
    }

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let day = "2021-12-04".parse().expect("a day");
        assert_eq!(start(day).expect("a midnight").to_rfc3339(), "2021-12-03T16:00:00+00:00");
    }
}
