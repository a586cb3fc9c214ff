//! `/inspection/:id`: the items, what is there for each and what is missing, and how more items come in.

use super::{
    action,
    gather::{self, Children, Filled, Group},
    layout,
    page::{item_draft, number, scheme},
    paste,
    store::{self, Item, Scheme},
    words::{self, State},
};
use crate::{
    domain::{
        inspection::{ItemDraft, Material, SchemeDraft},
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    plan::view::managed_options,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Field, Form, Problems, Select, TextArea},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use leptos::{context::Provider, prelude::*};
use leptos_router::hooks::use_params_map;

/// How many of the rows that were not stored are named.
const NAMED: usize = 10;

/// One scheme.
pub fn inspection() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let (scheme, unit, reads) = action::to_see(&ctx, &mut conn, id).await?;
        let title = locale.roster_title(&scheme.title, &unit.short_name);
        if !reads {
            let items = store::items(&mut conn, id).await?;
            let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
            drop(conn);
            return Ok(Page::new("/report", title, rules(&ctx, &scheme, items, &units)));
        }
        let filled = gather::all(&ctx, &mut conn, &scheme, &unit, Children::Out).await?;
        drop(conn);
        let manages = ctx.actor()?.may_manage(&unit);
        let edits = manages && scheme.closed_at.is_none();
        let children = filled.iter().flat_map(|one| &one.groups).map(|group| group.left_out).sum::<usize>();
        let folder = format!("/inspection/{id}/folder.zip");
        let with_children = (manages && children > 0).then(|| {
            let address = format!("{folder}?children=1");
            view! {
                <a class="button" href=address download="">{locale.inspection_folder_children(children)}</a>
            }
        });
        // Told before anybody takes the folder along.
        let left_out = layout::lay(locale, &filled, layout::LIMITS).left_out_words(locale);
        let items = items(locale, &scheme, &filled, edits);
        let manage = manages.then(|| manage(&ctx, &scheme, filled.is_empty()));
        let closed = scheme.closed_at.map(|_| view! { " "<span class="tag quiet">{locale.inspection_closed()}</span> });
        let body = view! {
            <p class="toolbar">
                <a class="button" href="/inspection">{locale.inspections_title()}</a>
                <a class="button primary" href=folder download="">{locale.inspection_folder()}</a>
                {with_children}
                <a class="button" href=format!("/inspection/{id}/print")>{locale.inspection_print()}</a>
            </p>
            <p class="muted">{locale.inspection_period()}" "{locale.inspection_period_of(scheme.from_day, scheme.to_day)}{closed}</p>
            {left_out.map(|text| view! { <p class="notice">{text}</p> })}
            {items}
            {manage}
        };
        Ok(Page::new("/report", title, body))
    })
}

/// The rules of a unit above, for those below it.
fn rules(ctx: &Ctx, scheme: &Scheme, items: Vec<Item>, units: &[Unit]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let rows = items
        .into_iter()
        .map(|item| {
            let points = item.points.map(|points| points.to_string()).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{words::item(&item.number, &item.name)}</th>
                    <td>{words::materials(locale, &item.materials, &item.others)}</td>
                    <td class="num">{points}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.inspection_item()),
        Head::Text(locale.inspection_asked()),
        Head::Number(locale.inspection_points()),
    ];
    let options = managed_options(ctx, units);
    view! {
        <p class="lead">{locale.inspection_rules_of(&scheme.unit_name)}</p>
        <Problems/>
        {(!options.is_empty()).then(|| view! {
            <Form action="take_over">
                <Select name="unit" label=locale.goals_unit() options/>
                <div><button class="primary">{locale.inspection_take_over()}</button></div>
            </Form>
        })}
        <Table caption=scheme.title.clone() heads>{rows}</Table>
    }
}

/// The items in the order of the rules, one line each: what it is, how it stands, what there is. Opened, it tells from where
/// and what to do.
fn items(locale: Locale, scheme: &Scheme, filled: &[Filled], edits: bool) -> AnyView {
    if filled.is_empty() {
        return view! { <p class="empty">{locale.inspection_no_items()}</p> }.into_any();
    }
    let rows = filled.iter().map(|one| row(locale, scheme, one, edits)).collect_view();
    let summary = locale.inspection_summary(filled.len(), words::summary(locale, filled));
    view! {
        <p class="lead">{summary}</p>
        <p class="hint">{locale.inspection_names_hint()}</p>
        <ol class="inspection-items">{rows}</ol>
    }
    .into_any()
}

fn row(locale: Locale, scheme: &Scheme, one: &Filled, edits: bool) -> impl IntoView + use<> {
    let item = &one.item;
    let state = State::of(locale, one);
    let groups = one
        .groups
        .iter()
        .map(|group| {
            let said = words::group(locale, group);
            view! { <li><a href=group.address.clone()>{group.title.clone()}</a>" "<span class="muted">{said}</span></li> }
        })
        .collect_view();
    let gaps = words::gaps(locale, one);
    let mend = (!gaps.is_empty())
        .then(|| mend(locale, scheme, one, edits))
        .flatten()
        .map(|(address, label)| view! { <a class="button" href=address>{label}</a> });
    let gaps = gaps.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let points = match (item.own_points, item.points) {
        (Some(own), Some(points)) => locale.inspection_own_of(own, points),
        (None, Some(points)) => locale.inspection_points_of(points),
        (Some(own), None) => locale.inspection_own_alone(own),
        (None, None) => String::new(),
    };
    let asked = words::asks(locale, item).map(|text| view! { <p>{text}</p> });
    let reason = (!item.reason.is_empty())
        .then(|| view! { <p class="muted">{locale.roster_cell_says(locale.inspection_reason(), &item.reason)}</p> });
    let address = format!("/inspection/{}/items/{}", scheme.id, item.id);
    view! {
        <li>
            <details>
                <summary>
                    <span class="name">{words::item(&item.number, &item.name)}</span>
                    <span class="state"><span class=state.class()>{state.words(locale, one)}</span></span>
                    <span class="there">{words::there(locale, one)}</span>
                    <span class="points">{points}</span>
                </summary>
                <div class="inside">
                    {asked}
                    <ul class="plain">{groups}</ul>
                    <ul>{gaps}</ul>
                    {reason}
                    <p class="toolbar">{mend}<a class="button" href=address>{locale.inspection_open_item()}</a></p>
                </div>
            </details>
        </li>
    }
}

/// The one action that mends what is missing.
fn mend(locale: Locale, scheme: &Scheme, one: &Filled, edits: bool) -> Option<(String, String)> {
    let item = format!("/inspection/{}/items/{}#proofs", scheme.id, one.item.id);
    if one.groups.is_empty() || one.gone > 0 {
        return edits.then(|| (item, locale.inspection_mend_prove().to_owned()));
    }
    let from_ledger = |material: &Material| matches!(material, Material::Photo | Material::SignIn);
    let ledger = one.groups.iter().find(|group| group.entries.is_some_and(|(entries, _)| entries > 0));
    if let (Some(material), Some(group)) = (one.missing.iter().find(|own| from_ledger(own)), ledger) {
        let named = words::material(locale, *material);
        return Some((group.address.clone(), locale.inspection_mend_entry(named)));
    }
    let can_add = |group: &&Group| group.add.is_some();
    if let (Some(material), Some(group)) = (one.missing.first(), one.groups.iter().find(can_add)) {
        let address = group.add.clone().unwrap_or_default();
        return edits.then(|| (address, locale.inspection_mend_add(words::material(locale, *material))));
    }
    if one.groups.iter().any(|group| group.entries.is_some_and(|(entries, _)| entries == 0)) {
        return Some(("/log".into(), locale.log_activity().to_owned()));
    }
    if let Some(group) = one.groups.iter().find(|group| group.entries.is_some_and(|(_, bare)| bare > 0)) {
        return Some((group.address.clone(), locale.inspection_mend_entry(locale.inspection_photo())));
    }
    // What no campaign and no indicator takes is put to the item itself.
    let kind = one.missing.first().map(|material| words::material(locale, *material).to_owned());
    let what = kind.or_else(|| one.lacking.first().cloned()).filter(|_| edits)?;
    let own = format!("/inspection/{}/items/{}/evidence", scheme.id, one.item.id);
    Some((own, locale.inspection_mend_add(what)))
}

/// The request as one of the page's forms sees it.
fn only_refused(ctx: &Ctx, action: &str) -> Ctx {
    let refused = ctx.refused.clone().filter(|refused| refused.form.get("do") == action);
    Ctx { refused, ..ctx.clone() }
}

/// The fields of an item.
pub(super) fn item_fields(locale: Locale, draft: ItemDraft) -> impl IntoView {
    let options = Material::asked()
        .map(|one| (one.key().to_owned(), words::material(locale, one).to_owned()))
        .collect::<Vec<_>>();
    view! {
        <div class="two">
            <Field name="number" label=locale.inspection_number() value=draft.number/>
            <Field name="points" label=locale.inspection_points() value=draft.points/>
        </div>
        <Field name="name" label=locale.inspection_item() value=draft.name required=true/>
        <Choices name="materials" label=locale.inspection_asked() options chosen=draft.materials/>
        <Field name="others" label=locale.inspection_others() hint=locale.inspection_others_hint() value=draft.others/>
        <div class="two ends">
            <Field name="own_points" label=locale.inspection_own_points() hint=locale.inspection_own_hint() value=draft.own_points/>
            <Field name="reason" label=locale.inspection_reason() value=draft.reason/>
        </div>
    }
}

/// What the unit's officers do with the rules; folded away, unless there are none yet or a form is to be looked at again.
/// A closed scheme is opened again first.
fn manage(ctx: &Ctx, scheme: &Scheme, is_empty: bool) -> AnyView {
    let locale = ctx.locale;
    if scheme.closed_at.is_some() {
        return view! {
            <Problems/>
            <section>
                <p class="hint">{locale.inspection_closed_stays()}</p>
                <Form action="reopen"><div><button class="button">{locale.inspection_reopen()}</button></div></Form>
            </section>
        }
        .into_any();
    }
    let draft =
        SchemeDraft { title: scheme.title.clone(), from: scheme.from_day.to_string(), to: scheme.to_day.to_string() };
    let looked = ctx.refused.clone().filter(|refused| refused.form.get("do") == "rows" && refused.problems.is_empty());
    let lines = looked.map(|refused| paste::read(refused.form.raw("rows"), locale).unwrap_or_default());
    let preview = lines.map(|lines| preview(locale, lines));
    let storable = preview.as_ref().map_or(0, |(_, good)| *good);
    let open = |action: &str| ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == action);
    let (rows, item, change) = (is_empty || open("rows"), open("item"), open("change"));
    view! {
        <Problems/>
        {preview.map(|(view, _)| view)}
        <section class="inspection-manage">
            <h2>{locale.inspection_manage()}</h2>
            <details id="paste" open=rows>
                <summary>{locale.inspection_paste()}</summary>
                <Provider value=only_refused(ctx, "rows")>
                    <Form action="rows">
                        <p class="hint">{locale.inspection_paste_hint()}</p>
                        <TextArea name="rows" label=locale.inspection_rows() rows=8/>
                        <div class="toolbar">
                            <button class="button" type="submit">{locale.roster_preview()}</button>
                            {(storable > 0).then(|| view! {
                                <button class="primary" type="submit" name="store" value="1">{locale.inspection_store(storable)}</button>
                            })}
                        </div>
                    </Form>
                </Provider>
            </details>
            <details open=item>
                <summary>{locale.inspection_add_item()}</summary>
                <Provider value=only_refused(ctx, "item")>
                    <Form action="item">
                        {item_fields(locale, ItemDraft::default())}
                        <div><button class="button" type="submit">{locale.inspection_add_item_do()}</button></div>
                    </Form>
                </Provider>
            </details>
            <details open=change>
                <summary>{locale.inspection_change()}</summary>
                <Provider value=only_refused(ctx, "change")>
                    <Form action="change">
                        <Field name="title" label=locale.inspection_title_field() value=draft.title required=true/>
                        <div class="two">
                            <Field name="from" kind="date" label=locale.inspection_from() value=draft.from/>
                            <Field name="to" kind="date" label=locale.inspection_to() value=draft.to/>
                        </div>
                        <div><button class="button" type="submit">{locale.save()}</button></div>
                    </Form>
                </Provider>
            </details>
            <Form action="close"><div><button class="button">{locale.inspection_close()}</button></div></Form>
        </section>
    }
    .into_any()
}

/// What was pasted, and how many of the rows are right.
fn preview(locale: Locale, lines: Vec<paste::Line>) -> (AnyView, usize) {
    let wrong: Vec<(String, String)> = lines.iter().flat_map(|line| line.problems.clone()).collect();
    let good = lines.iter().filter(|line| line.problems.is_empty()).count();
    let items =
        wrong.into_iter().map(|(cell, message)| view! { <li><strong>{cell}</strong>" "{message}</li> }).collect_view();
    let count = lines.len();
    let rows = lines
        .into_iter()
        .map(|line| {
            let asked: Vec<Material> = line.draft.materials.iter().filter_map(|key| Material::from_key(key)).collect();
            view! {
                <tr>
                    <td class="num">{line.number}</td>
                    <th scope="row">{words::item(&line.draft.number, &line.draft.name)}</th>
                    <td>{words::materials(locale, &asked, &Material::others_in_words(&line.draft.others))}</td>
                    <td class="num">{line.draft.points}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Number(locale.roster_row()),
        Head::Text(locale.inspection_item()),
        Head::Text(locale.inspection_asked()),
        Head::Number(locale.inspection_points()),
    ];
    let view = view! {
        <section>
            <h2>{locale.inspection_preview(count)}</h2>
            {(good < count).then(|| view! { <p>{locale.inspection_preview_wrong()}</p><ul class="wrong-cells">{items}</ul> })}
            <Table caption=locale.inspection_preview(count) heads>{rows}</Table>
        </section>
    };
    (view.into_any(), good)
}

/// POST `/inspection/:id`.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = number(&ctx.path, 2)?;
    let locale = ctx.locale;
    let said = match form.get("do") {
        "take_over" => {
            let own = action::take_over(&ctx, id, form.get("unit")).await?;
            return Ok(Done::to(format!("/inspection/{own}")).say(locale.inspection_taken_over()));
        }
        "item" => {
            action::add_items(&ctx, id, &[item_draft(&form)]).await?;
            locale.inspection_saved().to_owned()
        }
        "rows" => {
            let mut conn = ctx.db.read().await?;
            action::to_edit(&ctx, &mut conn, id).await?;
            drop(conn);
            let lines = paste::read(form.raw("rows"), locale).map_err(|why| Error::invalid("rows", why))?;
            if lines.is_empty() {
                return Err(Error::invalid("rows", locale.inspection_rows_none()));
            }
            let (good, wrong): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.problems.is_empty());
            if !form.has("store") || good.is_empty() {
                return Ok(Done::again());
            }
            let drafts: Vec<ItemDraft> = good.into_iter().map(|line| line.draft).collect();
            let count = action::add_items(&ctx, id, &drafts).await?;
            let named = wrong.iter().filter_map(|line| line.problems.first()).take(NAMED);
            let named: Vec<String> = named.map(|(cell, message)| format!("{cell} {message}")).collect();
            match wrong.len() {
                0 => locale.inspection_stored(count),
                left => locale.inspection_stored_some(count, left, named.join("；")),
            }
        }
        "close" => {
            action::close(&ctx, id, true).await?;
            locale.inspection_saved().to_owned()
        }
        "reopen" => {
            action::close(&ctx, id, false).await?;
            locale.inspection_saved().to_owned()
        }
        _ => {
            action::change(&ctx, id, &scheme(&form)).await?;
            locale.inspection_saved().to_owned()
        }
    };
    Ok(Done::to(format!("/inspection/{id}")).say(said))
}
