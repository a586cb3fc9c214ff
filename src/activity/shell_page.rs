//! The log form that a phone keeps (`/outbox/log`): every type in one page, with the tasks and the last entries, so that it
//! works without a network. `public/phone.js` shows the part that the address asks for.

use super::{
    log_page::{self, Loaded},
    store,
};
use crate::{
    campaign, catalogue,
    domain::{
        campaign::Campaign,
        catalogue::{ActivityType, Catalogue, EvidencePolicy},
        unit::UnitKind,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    ui::{
        field::Form,
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

/// How many of the last entries are kept to be copied.
const LAST: i64 = 5;

/// The form of no type in particular: it asks for everything that can be logged.
fn every_type(catalogue: &Catalogue) -> ActivityType {
    let measures = catalogue.active_measures().filter(|measure| !measure.is_stock).map(|measure| measure.id).collect();
    ActivityType {
        id: 0,
        key: String::new(),
        unit_id: None,
        name: String::new(),
        name_en: None,
        evidence: EvidencePolicy::Recommended,
        measures,
        position: 0,
        retired: false,
    }
}

/// `/outbox/log`.
pub fn shell() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let units = log_page::loggable(&mut conn, &ctx).await?;
        let home = units.first().cloned().ok_or(Error::Forbidden)?;
        let catalogue = catalogue::store::visible(&mut conn, &home).await?;
        let campaigns = campaign::store::open_on(&mut conn, &home, ctx.today).await?;
        let classes = match home.kind {
            UnitKind::School => unit::store::classes(&mut conn, home.id).await?,
            _ => Vec::new(),
        };
        let data = kept(&ctx, &mut conn, &catalogue, &campaigns).await?;
        drop(conn);
        let name = |kind: &ActivityType| locale.name(&kind.name, kind.name_en.as_deref()).to_owned();
        let tiles = catalogue
            .active_types()
            .map(|kind| view! { <li><a class="tile" href=format!("/log/{}", kind.key)>{name(kind)}</a></li> })
            .collect_view();
        let tasks = lines(&data, "events", "event", locale.log_activity());
        let last = lines(&data, "last", "copy", locale.entry_again());
        let kind = every_type(&catalogue);
        let loaded = Loaded {
            units,
            unit: home,
            kind,
            campaigns,
            classes: classes.into_iter().map(|class| class.name).collect(),
            event: None,
            former: None,
            day: ctx.today,
            catalogue,
        };
        // `<` ends no script inside JSON, and means the same.
        let data = data.to_string().replace('<', "\\u003c");
        let body = view! {
            <script id="shell" type="application/json" inner_html=data></script>
            <p id="elsewhere" class="hint" hidden=true>{locale.outbox_elsewhere()}</p>
            <div id="choose">
                {(!tasks.is_empty()).then(|| view! {
                    <section><h2>{locale.log_tasks()}</h2><ul class="tasks">{tasks}</ul></section>
                })}
                <h2>{locale.log_what()}</h2>
                <ul class="tiles">{tiles}</ul>
                {(!last.is_empty()).then(|| view! {
                    <section><h2>{locale.outbox_last()}</h2><ul class="tasks">{last}</ul></section>
                })}
            </div>
            <div id="fields" hidden=true>
                <Form class="form log outbox">
                    <input type="hidden" name="event"/>
                    {log_page::fields(&ctx, loaded, Uuid::now_v7(), false)}
                </Form>
            </div>
            {log_page::saves_on_the_phone()}
        };
        Ok(Page::new("/log", locale.outbox_shell_title(), body).with_islands())
    })
}

/// Tasks, or last entries: each what it is and one tap to its form.
fn lines(data: &Value, list: &str, given: &str, action: &'static str) -> Vec<impl IntoView + use<>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    data[list]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| {
            let kind = text(&one["type"]);
            let href = match kind.as_str() {
                "" => "/log/attendance?".to_owned(),
                kind => format!("/log/{kind}?"),
            };
            view! {
                <li class="task">
                    <p class="what">{text(&one["what"])}</p>
                    <p class="action"><a class="button" href=format!("{href}{given}={}", text(&one["id"]))>{action}</a></p>
                </li>
            }
        })
        .collect()
}

/// What the script needs: each type's measures, the tasks, the last entries as they could be posted.
async fn kept(ctx: &Ctx, conn: &mut Conn, catalogue: &Catalogue, campaigns: &[Campaign]) -> Result<Value> {
    let locale = ctx.locale;
    let actor = ctx.actor()?;
    let key_of = |id: &i64| catalogue.measure_by_id(*id).filter(|one| !one.retired).map(|one| one.key.clone());
    let types: Vec<Value> = catalogue
        .active_types()
        .map(|kind| {
            let measures: Vec<String> = kind.measures.iter().filter_map(key_of).collect();
            json!({ "key": kind.key, "name": locale.name(&kind.name, kind.name_en.as_deref()), "measures": measures })
        })
        .collect();
    let due = campaign::event_store::due(conn, &actor.scope(), ctx.today).await?;
    let mut events = Vec::new();
    for event in due {
        let campaign = campaigns.iter().find(|campaign| campaign.key == event.campaign);
        let themes: Vec<&str> =
            campaign.map(|one| one.themes.iter().map(|theme| theme.key.as_str()).collect()).unwrap_or_default();
        events.push(json!({
            "id": event.id,
            "what": format!("{} {} {}", event.day, event.unit.short_name, event.campaign_title),
            "type": event.activity_type.map(|kind| kind.key),
            "unit": event.unit.code,
            "day": event.day,
            "campaign": event.campaign,
            "themes": themes,
        }));
    }
    let mut last = Vec::new();
    for entry in store::latest_of(conn, &actor.scope(), actor.account_id, LAST).await? {
        let mut draft = serde_json::to_value(&entry.draft)?;
        let figures = super::form::figures_in_words(catalogue, &entry.draft, locale);
        draft["what"] = json!(format!("{} {} {figures}", entry.draft.date, entry.unit_name));
        last.push(draft);
    }
    Ok(json!({ "types": types, "events": events, "last": last }))
}
