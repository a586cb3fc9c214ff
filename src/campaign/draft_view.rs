//! The campaigns that wait as drafts, on the campaigns' page.

use super::{
    action::own_unit_id,
    draft_action::{self, Drafts, year_of},
    view::period_text,
};
use crate::{
    domain::{campaign::Draft, key_date::Occurrence, unit::Unit},
    error::{Error, Result},
    server::{
        context::Ctx,
        db::Conn,
        form::{Done, FormData},
    },
    ui::field::Form,
    unit,
};
use leptos::prelude::*;

/// What the section shows.
pub struct Waiting {
    unit: Unit,
    drafts: Vec<(Occurrence, Draft)>,
    dismissed: Vec<Occurrence>,
    /// The measures' names and counters, by key.
    words: Vec<(String, String, String)>,
}

/// The drafts of the unit that is looked at, or of the reader's own, if they plan for it and there are any.
pub async fn load(ctx: &Ctx, conn: &mut Conn, unit: Option<&Unit>) -> Result<Option<Waiting>> {
    let actor = ctx.actor()?;
    let unit = match (unit, own_unit_id(actor)) {
        (Some(unit), _) => unit.clone(),
        (None, Some(id)) => unit::store::by_id(conn, &ctx.scope()?, id).await?,
        (None, None) => return Ok(None),
    };
    if !actor.may_manage(&unit) {
        return Ok(None);
    }
    let Drafts { waiting, dismissed } = draft_action::drafts(conn, &unit, ctx.today).await?;
    if waiting.is_empty() && dismissed.is_empty() {
        return Ok(None);
    }
    let mut drafts = Vec::new();
    for one in waiting {
        let draft = draft_action::as_draft(conn, &unit, &one).await?;
        drafts.push((one, draft));
    }
    let catalogue = crate::catalogue::store::visible(conn, &unit).await?;
    let word = |measure: &crate::domain::measure::Measure| {
        let name = ctx.locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
        let unit_word = ctx.locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
        (measure.key.clone(), name, unit_word)
    };
    let mut words: Vec<_> = catalogue.measures.iter().map(word).collect();
    words.extend(catalogue.themes.iter().map(|theme| {
        let name = ctx.locale.name(&theme.name, theme.name_en.as_deref()).to_owned();
        (format!("theme.{}", theme.key), name, String::new())
    }));
    Ok(Some(Waiting { unit, drafts, dismissed, words }))
}

/// What somebody did with a draft.
pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let (unit, key) = (form.get("unit"), form.get("key_date"));
    let year = form.get("key_date_year").parse().map_err(|_| Error::NotFound)?;
    let locale = ctx.locale;
    match form.get("do") {
        "accept" => {
            let campaign = draft_action::accept(&ctx, unit, key, year).await?;
            let said = locale.draft_accepted(&campaign.title);
            Ok(Done::to(format!("/campaigns/{}", campaign.key)).say(said))
        }
        "dismiss" => {
            let one = draft_action::dismiss(&ctx, unit, key, year, true).await?;
            Ok(Done::to(format!("/campaigns?unit={unit}#drafts")).say(locale.draft_dismissed(one.name)))
        }
        "restore" => {
            draft_action::dismiss(&ctx, unit, key, year, false).await?;
            Ok(Done::to(format!("/campaigns?unit={unit}#drafts")).say(locale.saved()))
        }
        _ => Err(Error::NotFound),
    }
}

/// The address of the form that makes a campaign of a draft, filled.
fn change_address(draft: &Draft) -> String {
    let mut pairs: Vec<(String, String)> = [
        ("unit", &draft.unit),
        ("title", &draft.title),
        ("from", &draft.from),
        ("to", &draft.to),
        ("lead", &draft.lead),
    ]
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .to_vec();
    pairs.extend(draft.themes.iter().map(|theme| ("themes".to_owned(), theme.clone())));
    pairs.extend(
        draft.quantities.iter().filter_map(|own| Some((format!("value.{}", own.measure), own.value?.to_string()))),
    );
    if let Some((key, year)) = &draft.key_date {
        pairs.extend([("key_date".to_owned(), key.clone()), ("key_date_year".to_owned(), year.to_string())]);
    }
    format!("/campaigns/new?{}", serde_html_form::to_string(pairs).unwrap_or_default())
}

/// The hidden fields by which a draft is named.
fn naming(unit: &str, one: &Occurrence) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="unit" value=unit.to_owned()/>
        <input type="hidden" name="key_date" value=one.key.clone()/>
        <input type="hidden" name="key_date_year" value=year_of(one).to_string()/>
    }
}

/// The drafts that wait, each with what can be done, and those that were dismissed.
pub fn section(ctx: &Ctx, waiting: Waiting) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let Waiting { unit, drafts, dismissed, words } = waiting;
    let none = drafts.is_empty();
    let word = |key: &str| words.iter().find(|(own, ..)| own == key);
    let items = drafts
        .iter()
        .map(|(one, draft)| {
            let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
            let days = (one.period.from - ctx.today).num_days();
            let themes = draft
                .themes
                .iter()
                .filter_map(|key| word(&format!("theme.{key}")))
                .map(|(_, name, _)| view! { <span class="tag">{name.clone()}</span>" " })
                .collect_view();
            let figures: Vec<String> = draft
                .quantities
                .iter()
                .filter_map(|own| {
                    let (_, name, unit_word) = word(&own.measure)?;
                    Some(format!("{name} {} {unit_word}", own.value?))
                })
                .collect();
            let figures = match figures.is_empty() {
                true => locale.draft_no_figures().to_owned(),
                false => locale.draft_figures(figures.join(locale.campaign_comma())),
            };
            let label = format!(" {name}");
            let (for_change, for_dismiss) = (label.clone(), label.clone());
            let change = change_address(draft);
            let (accept, dismiss) = (naming(&unit.code, one), naming(&unit.code, one));
            view! {
                <li>
                    <h3>{name}</h3>
                    <p>{period_text(locale, one.period)}" · "{locale.dash_in_days(days)}" "{themes}</p>
                    <p class="muted">{one.lead.clone()}" · "{locale.campaign_goes_to_all(&unit.short_name)}" · "{figures}</p>
                    <div class="toolbar">
                        <Form action="accept" class="inline">{accept}
                            <button class="button" type="submit">{locale.draft_accept()}<span class="visually-hidden">{label}</span></button>
                        </Form>
                        <a class="button" href=change>{locale.draft_change()}<span class="visually-hidden">{for_change}</span></a>
                        <Form action="dismiss" class="inline">{dismiss}
                            <button class="button" type="submit">{locale.draft_dismiss()}<span class="visually-hidden">{for_dismiss}</span></button>
                        </Form>
                    </div>
                </li>
            }
        })
        .collect_view();
    let restored = (!dismissed.is_empty()).then(|| {
        let items = dismissed
            .iter()
            .map(|one| {
                let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
                let (label, naming) = (format!(" {name}"), naming(&unit.code, one));
                view! {
                    <li>
                        {name}" "
                        <Form action="restore" class="inline">{naming}
                            <button class="button" type="submit">{locale.draft_restore()}<span class="visually-hidden">{label}</span></button>
                        </Form>
                    </li>
                }
            })
            .collect_view();
        view! { <details open=none><summary>{locale.drafts_dismissed()}</summary><ul>{items}</ul></details> }
    });
    view! {
        <section id="drafts" class="drafts">
            <h2>{locale.drafts_title()}</h2>
            <ul>{items}</ul>
            {restored}
        </section>
    }
}
