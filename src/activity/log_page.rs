//! Logging on a phone: choose a type, type the counts, save. Few fields, the rest folded away; plain HTML.

use super::{action, form, store, store::Entry};
use crate::{
    campaign, catalogue,
    domain::{
        access::Role,
        campaign::Campaign,
        catalogue::{ActivityType, Catalogue},
        event::Event,
        measure::{Measure, Precision},
        period::Day,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    island::{Counted, DayChips, SaveBar, Stepper},
    locale::Locale,
    review,
    server::{
        context::Ctx,
        db::Conn,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Field, Form, NamedField, Problems, Select, TextArea, id_of},
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// The types that are offered first.
const BIG: usize = 6;

/// How many themes are offered at once, at least.
const THEMES: usize = 5;

/// The units at which somebody may log, parents first; only those in use on the day.
pub async fn loggable(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Unit>> {
    let actor = ctx.actor()?;
    if !actor.is_any(&[Role::Admin, Role::Officer, Role::Cadre]) {
        return Err(Error::Forbidden);
    }
    let mut units = unit::store::all(conn, &actor.scope()).await?;
    units.retain(|unit| actor.may_log(unit) && unit.is_active(ctx.today));
    Ok(units)
}

/// `/log`: today's tasks, then the types.
pub fn log() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let units = loggable(&mut conn, &ctx).await?;
        let Some(home) = units.first() else {
            return Ok(Page::new("/log", locale.log_title(), view! { <p class="empty">{locale.log_no_unit()}</p> }));
        };
        let actor = ctx.actor()?;
        let catalogue = catalogue::store::visible(&mut conn, home).await?;
        let due = campaign::event_store::due(&mut conn, &actor.scope(), ctx.today).await?;
        let used = store::types_used(&mut conn, actor.account_id).await?;
        let returned = review::entry_view::returned(&ctx, &mut conn).await?;
        let last = store::latest_of(&mut conn, &actor.scope(), actor.account_id, 1).await?.pop();
        // What was chosen on the way here goes on to the form.
        let given: String = ["event", "unit", "campaign"]
            .iter()
            .filter_map(|name| Some(format!("&{name}={}", ctx.query.filled(name)?)))
            .collect();
        let given = given.replacen('&', "?", 1);
        let mut types: Vec<&ActivityType> = catalogue.active_types().collect();
        // Stable: what was never used keeps the catalogue's order.
        types.sort_by_key(|kind| used.iter().position(|id| *id == kind.id).unwrap_or(usize::MAX));
        let tile = |kind: &&ActivityType| {
            let href = format!("/log/{}{given}", kind.key);
            let name = locale.name(&kind.name, kind.name_en.as_deref()).to_owned();
            view! { <li><a class="tile" href=href>{name}</a></li> }
        };
        let big = types.iter().take(BIG).map(tile).collect_view();
        let rest = types.iter().skip(BIG).map(tile).collect_view();
        let tasks: Vec<_> =
            due.iter().filter(|event| event.day <= ctx.today).map(|event| task(locale, event)).collect();
        let copy = last.map(|entry| {
            let kind = entry.draft.kind.clone().unwrap_or_default();
            let words = form::figures_in_words(&catalogue, &entry.draft, locale);
            view! {
                <p><a class="button" href=format!("/log/{kind}?copy={}", entry.draft.id)>{locale.log_copy_last()}</a>
                    " "<span class="muted">{words}</span></p>
            }
        });
        let body = view! {
            {returned}
            {(!tasks.is_empty()).then(|| view! {
                <section><h2>{locale.log_tasks()}</h2><ul class="tasks">{tasks}</ul></section>
            })}
            <h2>{locale.log_what()}</h2>
            <ul class="tiles">{big}</ul>
            <details><summary>{locale.more()}</summary><ul class="tiles">{rest}</ul></details>
            {copy}
            <p><a class="button" href="/log/message">{locale.message_link()}</a></p>
        };
        Ok(Page::new("/log", locale.log_title(), body))
    })
}

fn task(locale: Locale, event: &Event) -> impl IntoView + use<> {
    let href = match &event.activity_type {
        Some(kind) => format!("/log/{}?event={}", kind.key, event.id),
        None => format!("/log?event={}", event.id),
    };
    let what = format!("{} {} {}", event.day, event.unit.short_name, event.campaign_title);
    view! {
        <li class="task">
            <p class="what">{what}</p>
            <p class="action"><a class="button primary" href=href>{locale.log_activity()}</a></p>
        </li>
    }
}

/// All that the form needs.
pub struct Loaded {
    pub units: Vec<Unit>,
    /// The unit the entry is for, unless another is chosen.
    pub unit: Unit,
    pub kind: ActivityType,
    pub catalogue: Catalogue,
    /// The campaigns open on the day.
    pub campaigns: Vec<Campaign>,
    pub classes: Vec<String>,
    pub event: Option<Event>,
    /// The entry that is copied or corrected.
    pub former: Option<Entry>,
    pub day: Day,
}

/// Loads what the form of `kind` needs; `former` is copied or corrected.
pub async fn load(ctx: &Ctx, conn: &mut Conn, kind: &str, former: Option<Entry>) -> Result<Loaded> {
    let scope = ctx.scope()?;
    let units = loggable(conn, ctx).await?;
    let event = match ctx.query.filled("event").and_then(|id| id.parse().ok()) {
        Some(id) => Some(campaign::event_store::by_id(conn, &scope, id).await?),
        None => None,
    };
    // A copy for other villages is made at the unit above them, where they can be ticked.
    let former_unit = former.as_ref().filter(|_| !ctx.query.has("many"));
    let wanted = match (&event, former_unit, ctx.query.filled("unit")) {
        (Some(event), ..) => Some(event.unit.code.clone()),
        (None, Some(former), _) => Some(former.draft.unit.clone()),
        (None, None, code) => code.map(str::to_owned),
    };
    let unit = units.iter().find(|unit| Some(&unit.code) == wanted.as_ref()).or(units.first()).cloned();
    let unit = unit.ok_or(Error::Forbidden)?;
    let catalogue = catalogue::store::visible(conn, &unit).await?;
    let kind = catalogue.activity_type(kind).cloned().ok_or(Error::NotFound)?;
    let day = former.as_ref().map_or(ctx.today, |former| former.draft.date).min(ctx.today);
    let campaigns = campaign::store::open_on(conn, &unit, day).await?;
    let classes = if unit.kind == UnitKind::School {
        unit::store::classes(conn, unit.id).await?.into_iter().map(|class| class.name).collect()
    } else {
        Vec::new()
    };
    Ok(Loaded { units, unit, kind, catalogue, campaigns, classes, event, former, day })
}

/// `/log/:type`: the form.
pub fn log_type() -> impl IntoView {
    let kind = use_params_map().get_untracked().get("type").unwrap_or_default();
    page(|ctx| async move {
        let mut conn = ctx.db.read().await?;
        let scope = ctx.scope()?;
        let former = match ctx.query.filled("copy").and_then(|id| id.parse().ok()) {
            Some(id) => Some(store::one(&mut conn, &scope, id).await?),
            None => None,
        };
        let loaded = load(&ctx, &mut conn, &kind, former).await?;
        let title = ctx.locale.name(&loaded.kind.name, loaded.kind.name_en.as_deref()).to_owned();
        let id = Uuid::now_v7();
        let body = view! { <Problems/><Form class="form log outbox">{fields(&ctx, loaded, id, false)}</Form>{saves_on_the_phone()} };
        Ok(Page::new("/log", title, body).with_islands())
    })
}

/// The hidden value of a field: what a refused form had, else `value`.
fn kept(ctx: &Ctx, name: &str, value: String) -> String {
    ctx.refused.as_ref().map_or(value, |refused| refused.form.get(name).to_owned())
}

/// The fields of an entry, the usual ones open, the others folded away.
pub fn fields(ctx: &Ctx, loaded: Loaded, id: Uuid, is_correction: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let Loaded { units, unit, kind, catalogue, campaigns, classes, event, former, day } = loaded;
    let draft = former.map(|former| former.draft);
    // A copy is of today, a task of its own day; a correction keeps its day.
    let planned = event.as_ref().map_or(ctx.today, |event| event.day.min(ctx.today));
    let date = if is_correction { day } else { planned };
    let value_of = |key: &str| draft.as_ref().and_then(|draft| draft.quantities.iter().find(|one| one.measure == key));
    let count = |measure: &Measure, is_asked: bool| {
        let given = value_of(&measure.key);
        let precision = given.map_or(Precision::Exact, |one| one.precision);
        count_field(ctx, measure, given.map(|one| one.value), precision, is_asked)
    };
    let asked: Vec<&Measure> =
        kind.measures.iter().filter_map(|id| catalogue.measure_by_id(*id)).filter(|measure| !measure.retired).collect();
    let others: Vec<&Measure> = catalogue
        .active_measures()
        .filter(|measure| !measure.is_stock && !kind.measures.contains(&measure.id))
        .collect();
    let counts = asked.iter().chain(&others).map(|measure| Counted {
        key: measure.key.clone(),
        name: locale.name(&measure.name, measure.name_en.as_deref()).to_owned(),
        unit_word: locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned(),
    });
    let counts: Vec<Counted> = counts.collect();
    let asked: Vec<_> = asked.into_iter().map(|measure| count(measure, true)).collect();
    let others: Vec<_> = others.into_iter().map(|measure| count(measure, false)).collect();
    let others_open = draft.as_ref().is_some_and(|draft| {
        draft
            .quantities
            .iter()
            .any(|one| catalogue.measure(&one.measure).is_some_and(|m| !kind.measures.contains(&m.id)))
    });
    let named = |name: &str, en: &Option<String>| locale.name(name, en.as_deref()).to_owned();
    let mut themes: Vec<(String, String)> =
        catalogue.active_themes().map(|theme| (theme.key.clone(), named(&theme.name, &theme.name_en))).collect();
    // What is in season stands first: the themes of the campaigns that run.
    let in_season = |key: &str| campaigns.iter().any(|one| one.themes.iter().any(|theme| theme.key == key));
    themes.sort_by_key(|(key, _)| !in_season(key));
    let seasonal = themes.iter().filter(|(key, _)| in_season(key)).count();
    let mut chosen_themes = draft.as_ref().map(|draft| draft.themes.clone()).unwrap_or_default();
    let mut chosen_campaigns = draft.as_ref().map(|draft| draft.campaigns.clone()).unwrap_or_default();
    // A task brings its campaign, and the campaign its themes.
    if let Some(event) = &event {
        let campaign = campaigns.iter().find(|campaign| campaign.key == event.campaign);
        chosen_themes =
            campaign.map(|one| one.themes.iter().map(|theme| theme.key.clone()).collect()).unwrap_or_default();
        chosen_campaigns = vec![event.campaign.clone()];
    }
    // So does a notice's link.
    let from_notice = ctx.query.get("campaign");
    if let Some(campaign) =
        campaigns.iter().find(|campaign| campaign.key == from_notice && event.is_none() && draft.is_none())
    {
        chosen_themes = campaign.themes.iter().map(|theme| theme.key.clone()).collect();
        chosen_campaigns = vec![campaign.key.clone()];
    }
    let campaigns: Vec<(String, String)> =
        campaigns.into_iter().map(|campaign| (campaign.key, campaign.title)).collect();
    let for_many = ctx.query.has("many");
    let manner: Vec<String> = for_many.then(|| "each".into()).into_iter().collect();
    let unit_options: Vec<_> = units.iter().map(|unit| (unit.code.clone(), unit.short_name.clone())).collect();
    let mut below: Vec<&Unit> =
        units.iter().filter(|one| one.id != unit.id && one.path.starts_with(&unit.path)).collect();
    // Villages first: they are what is mostly ticked.
    below.sort_by_key(|one| matches!(one.kind, UnitKind::School | UnitKind::Department));
    let below: Vec<_> = below.into_iter().map(|unit| (unit.code.clone(), unit.short_name.clone())).collect();
    let unit_field = if unit_options.len() > 1 {
        view! { <Select name="unit" label=locale.log_unit() options=unit_options value=unit.code.clone()/> }.into_any()
    } else {
        let code = unit.code.clone();
        view! { <p class="unit"><input type="hidden" name="unit" value=code/>{unit.short_name.clone()}</p> }.into_any()
    };
    let event_line = event.as_ref().map(|event| {
        let words = locale.log_event(&event.campaign_title, event.day, &event.unit.short_name);
        let id = event.id.to_string();
        view! { <p class="hint"><input type="hidden" name="event" value=id/>{words}</p> }
    });
    let first = kind.measures.first().and_then(|id| catalogue.measure_by_id(*id));
    let first_name = first.map(|one| named(&one.name, &one.name_en)).unwrap_or_default();
    let text = |get: fn(&crate::domain::activity::Draft) -> String| draft.as_ref().map(get).unwrap_or_default();
    let (place, organiser, handler, note) = (
        text(|draft| draft.place.clone()),
        text(|draft| draft.organiser.clone()),
        text(|draft| draft.handler.clone()),
        text(|draft| draft.note.clone()),
    );
    let co_organisers = text(|draft| draft.co_organisers.join("，"));
    let date_to = if is_correction {
        text(|draft| draft.date_to.map(|to| to.to_string()).unwrap_or_default())
    } else {
        String::new()
    };
    let chosen_classes = draft.as_ref().map(|draft| draft.classes.clone()).unwrap_or_default();
    let class_options: Vec<_> = classes.into_iter().map(|name| (name.clone(), name)).collect();
    let covers = draft.as_ref().filter(|_| is_correction).map(|draft| draft.covers.clone()).unwrap_or_default();
    let manners = vec![
        ("each".to_owned(), locale.log_each().to_owned()),
        ("together".to_owned(), locale.log_together().to_owned()),
    ];
    view! {
        <input type="hidden" name="id" value=kept(ctx, "id", id.to_string())/>
        {covers.into_iter().map(|code| view! { <input type="hidden" name="covers" value=code/> }).collect_view()}
        {event_line}
        {unit_field}
        <Field name="date" kind="date" label=locale.log_date() value=date.to_string() max=ctx.today.to_string() required=true
            aid=view! { <DayChips field=id_of("date") today=ctx.today locale/> }.into_any()/>
        <div class="asked stack">{asked}</div>
        {(!class_options.is_empty()).then(|| view! {
            <Choices name="class" label=locale.log_classes() options=class_options chosen=chosen_classes/>
        })}
        <Choices name="theme" label=locale.log_themes() options=themes chosen=chosen_themes first=seasonal.max(THEMES)/>
        {(!campaigns.is_empty()).then(|| view! {
            <Choices name="campaign" label=locale.log_campaigns() options=campaigns chosen=chosen_campaigns/>
        })}
        <details open=others_open><summary>{locale.log_other_counts()}</summary><div class="others stack">{others}</div></details>
        {(!below.is_empty() && !is_correction).then(|| view! {
            <details open=for_many><summary>{locale.log_many()}</summary>
                <div class="stack">
                    <Choices name="units" label=locale.log_many_units() options=below/>
                    <Choices name="manner" single=true label=locale.log_manner() hint=locale.log_manner_hint() options=manners chosen=manner/>
                </div>
            </details>
        })}
        <details><summary>{locale.log_days()}</summary>
            <div class="stack">
                <Field name="date_to" kind="date" label=locale.log_date_to() value=date_to max=ctx.today.to_string()/>
                <Field name="times" kind="number" label=locale.log_times() hint=locale.log_times_hint(first_name) min="1"/>
            </div>
        </details>
        <details><summary>{locale.log_where_who()}</summary>
            <div class="stack">
                <Field name="place" label=locale.log_place() value=place/>
                <Field name="organiser" label=locale.log_organiser() value=organiser/>
                <Field name="co_organisers" label=locale.log_co_organisers() value=co_organisers/>
                <Field name="handler" label=locale.log_handler() value=handler/>
                <TextArea name="note" label=locale.log_note() value=note/>
            </div>
        </details>
        {(!is_correction).then(|| pictures(locale))}
        {is_correction.then(|| view! { <Field name="reason" label=locale.entry_reason() required=true/> })}
        <SaveBar counts locale/>
    }
}

/// The script that saves the form on the phone first.
pub fn saves_on_the_phone() -> impl IntoView {
    view! { <script src=crate::ui::asset("log.js") defer=true></script> }
}

/// Pictures with the entry: the phone's script wakes it, and sends them behind the entry. Without script they are added
/// on the entry's own page.
fn pictures(locale: Locale) -> impl IntoView {
    view! {
        <div class="field pictures" id="pictures" hidden=true>
            <p class="name" id="f-pictures-name">{locale.outbox_pictures()}</p>
            <p class="hint" id="f-pictures-hint">{locale.outbox_pictures_hint()}</p>
            <input type="file" id="f-pictures" class="visually-hidden" accept="image/*" multiple=true aria-describedby="f-pictures-hint"/>
            <label class="button" for="f-pictures">{locale.outbox_pictures_add()}</label>
            <ul class="plain"></ul>
        </div>
        <p class="hint pictures-later">{locale.outbox_pictures_later()}</p>
    }
}

/// One count with its unit word; its precision folded away, so that the usual case is one number. A count that the type
/// asks for has a stepper.
fn count_field(
    ctx: &Ctx,
    measure: &Measure,
    value: Option<i64>,
    precision: Precision,
    is_asked: bool,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let label = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
    let unit_word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
    let name = format!("precision.{}", measure.key);
    let chosen = Precision::from_key(&kept(ctx, &name, precision.key().into())).unwrap_or(Precision::Exact);
    let radios = [
        (Precision::Exact, locale.log_exact()),
        (Precision::AtLeast, locale.log_at_least()),
        (Precision::Estimate, locale.log_estimate()),
    ]
    .map(|(one, text)| {
        let id = format!("f-{name}-{}", one.key()).replace('.', "-");
        view! {
            <span class="chip">
                <input type="radio" id=id.clone() name=name.clone() value=one.key() checked=one == chosen/>
                <label for=id>{text}</label>
            </span>
        }
    });
    let field = format!("value.{}", measure.key);
    let aid = is_asked.then(|| view! { <Stepper field=id_of(&field) name=label.clone() locale/> }.into_any());
    view! {
        <div class="count" data-measure=measure.key.clone()>
            <NamedField name=field label=label.clone() kind="number" unit_word min="1" max="10000000" aid
                value=value.map(|value| value.to_string()).unwrap_or_default()/>
            <details class="precision" open=chosen != Precision::Exact>
                <summary>{locale.log_precision_fold()}</summary>
                <fieldset><legend class="visually-hidden">{locale.log_precision(label)}</legend><div class="chips">{radios}</div></fieldset>
            </details>
        </div>
    }
}

/// POST `/log/:type`.
pub async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    let locale = ctx.locale;
    let key = ctx.path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut conn = ctx.db.read().await?;
    let units = loggable(&mut conn, &ctx).await?;
    let Some(chosen) = units.iter().find(|unit| unit.code == form.get("unit")) else {
        return Err(action::why_not(&mut conn, &ctx, form.get("unit")).await);
    };
    let catalogue = catalogue::store::visible(&mut conn, chosen).await?;
    drop(conn);
    let kind = catalogue.activity_type(&key).ok_or(Error::NotFound)?;
    let draft = form::draft_of(&form, kind, &catalogue, locale)?;
    let drafts = form::drafts_of(&form, draft.clone(), locale)?;
    let saved = action::save_all(&ctx, &drafts).await.map_err(|error| form::to_fields(error, &draft))?;
    let figures = form::figures_in_words(&catalogue, &draft, locale);
    let said = if saved.len() > 1 { locale.log_saved_many(saved.len(), figures) } else { locale.log_saved(figures) };
    // Whoever is asked something is led to it; the page names the others of the form that are asked about.
    let asked = saved.iter().find(|one| !one.questions.is_empty()).map_or(drafts[0].id, |one| one.entry.draft.id);
    Ok(Done::to(format!("/activities/{asked}")).say(said))
}
