//! `/inspection/:id`: the items, what is there for each and what is missing, and how more items come in.

use super::{
    action,
    gather::{self, Children, Filled, Group},
    page::{item_draft, number, scheme},
    paste,
    store::{self, Item, Scheme},
    words,
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
        let children = filled.iter().flat_map(|one| &one.groups).map(|group| group.left_out).sum::<usize>();
        let folder = format!("/inspection/{id}/folder.zip");
        let with_children = (manages && children > 0).then(|| {
            let address = format!("{folder}?children=1");
            view! {
                <a class="button" href=address download="">{locale.inspection_folder_children(children)}</a>
            }
        });
        let complete =
            filled.iter().filter(|one| !one.groups.is_empty() && words::gaps(locale, one).is_empty()).count();
        let table = table(&ctx, &scheme, &filled, manages);
        let manage = manages.then(|| manage(&ctx, &scheme));
        let body = view! {
            <p class="toolbar">
                <a class="button" href="/inspection">{locale.inspections_title()}</a>
                <a class="button primary" href=folder download="">{locale.inspection_folder()}</a>
                {with_children}
                <a class="button" href=format!("/inspection/{id}/print")>{locale.inspection_print()}</a>
            </p>
            <p class="lead">{locale.inspection_summary(complete, scheme.from_day, filled.len(), scheme.to_day)}</p>
            <p class="hint">{locale.inspection_names_hint()}</p>
            {table}
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
                    <td>{words::materials(locale, &item.materials)}</td>
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

fn table(ctx: &Ctx, scheme: &Scheme, filled: &[Filled], manages: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    if filled.is_empty() {
        return view! { <p class="empty">{locale.inspection_no_items()}</p> }.into_any();
    }
    let rows = filled.iter().map(|one| row(locale, scheme, one, manages)).collect_view();
    let heads = vec![
        Head::Text(locale.inspection_item()),
        Head::Text(locale.inspection_asked()),
        Head::Text(locale.inspection_there()),
        Head::Text(locale.inspection_missing()),
        Head::Text(locale.inspection_own_points()),
    ];
    view! { <Table caption=locale.inspection_caption(filled.len()) heads>{rows}</Table> }.into_any()
}

fn row(locale: Locale, scheme: &Scheme, one: &Filled, manages: bool) -> impl IntoView + use<> {
    let item = &one.item;
    let groups = one
        .groups
        .iter()
        .map(|group| {
            let said = words::group(locale, group);
            view! { <li><a href=group.address.clone()>{group.title.clone()}</a>" "<span class="muted">{said}</span></li> }
        })
        .collect_view();
    let gaps = words::gaps(locale, one);
    let missing = match gaps.is_empty() {
        true => view! { <span class="tag good">{locale.inspection_complete()}</span> }.into_any(),
        false => {
            let lines = gaps.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
            let mend = mend(locale, scheme, one, manages)
                .map(|(address, label)| view! { <p><a class="button" href=address>{label}</a></p> });
            view! { <ul class="plain">{lines}</ul> {mend} }.into_any()
        }
    };
    let points = match (item.own_points, item.points) {
        (Some(own), Some(points)) => format!("{own}/{points}"),
        (None, Some(points)) => format!("—/{points}"),
        (Some(own), None) => own.to_string(),
        (None, None) => String::new(),
    };
    let address = format!("/inspection/{}/items/{}", scheme.id, item.id);
    view! {
        <tr>
            <th scope="row"><a href=address>{words::item(&item.number, &item.name)}</a></th>
            <td>{words::materials(locale, &item.materials)}</td>
            <td><ul class="plain">{groups}</ul></td>
            <td>{missing}</td>
            <td>{points}{(!item.reason.is_empty()).then(|| view! { <br/><span class="muted">{item.reason.clone()}</span> })}</td>
        </tr>
    }
}

/// The one action that mends what is missing.
fn mend(locale: Locale, scheme: &Scheme, one: &Filled, manages: bool) -> Option<(String, String)> {
    let item = format!("/inspection/{}/items/{}#proofs", scheme.id, one.item.id);
    if one.groups.is_empty() || one.gone > 0 {
        return manages.then(|| (item, locale.inspection_mend_prove().to_owned()));
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
        return manages.then(|| (address, locale.inspection_mend_add(words::material(locale, *material))));
    }
    if one.groups.iter().any(|group| group.entries.is_some_and(|(entries, _)| entries == 0)) {
        return Some(("/log".into(), locale.log_activity().to_owned()));
    }
    if let Some(group) = one.groups.iter().find(|group| group.entries.is_some_and(|(_, bare)| bare > 0)) {
        return Some((group.address.clone(), locale.inspection_mend_entry(locale.inspection_photo())));
    }
    // What no campaign and no indicator takes is put to the item itself.
    let material = one.missing.first().filter(|_| manages)?;
    let own = format!("/inspection/{}/items/{}/evidence", scheme.id, one.item.id);
    Some((own, locale.inspection_mend_add(words::material(locale, *material))))
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
        <div class="two">
            <Field name="own_points" label=locale.inspection_own_points() hint=locale.inspection_own_hint() value=draft.own_points/>
            <Field name="reason" label=locale.inspection_reason() value=draft.reason/>
        </div>
    }
}

fn manage(ctx: &Ctx, scheme: &Scheme) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let (what, label) = match scheme.closed_at {
        Some(_) => ("reopen", locale.inspection_reopen()),
        None => ("close", locale.inspection_close()),
    };
    let draft =
        SchemeDraft { title: scheme.title.clone(), from: scheme.from_day.to_string(), to: scheme.to_day.to_string() };
    let looked = ctx.refused.clone().filter(|refused| refused.form.get("do") == "rows" && refused.problems.is_empty());
    let lines = looked.map(|refused| paste::read(refused.form.raw("rows"), locale).unwrap_or_default());
    let preview = lines.map(|lines| preview(locale, lines));
    let storable = preview.as_ref().is_some_and(|(_, good)| *good);
    view! {
        <Problems/>
        {preview.map(|(view, _)| view)}
        <section id="paste">
            <h2>{locale.inspection_paste()}</h2>
            <Provider value=only_refused(ctx, "rows")>
                <Form action="rows">
                    <p class="hint">{locale.inspection_paste_hint()}</p>
                    <TextArea name="rows" label=locale.inspection_rows() rows=8/>
                    <div class="toolbar">
                        <button class="button" type="submit">{locale.roster_preview()}</button>
                        {storable.then(|| view! {
                            <button class="primary" type="submit" name="store" value="1">{locale.inspection_store()}</button>
                        })}
                    </div>
                </Form>
            </Provider>
        </section>
        <section>
            <h2>{locale.inspection_add_item()}</h2>
            <Provider value=only_refused(ctx, "item")>
                <Form action="item">
                    {item_fields(locale, ItemDraft::default())}
                    <div><button class="button" type="submit">{locale.inspection_add_item_do()}</button></div>
                </Form>
            </Provider>
        </section>
        <section>
            <h2>{locale.inspection_change()}</h2>
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
            <Form action=what class="inline"><button class="button">{label}</button></Form>
        </section>
    }
}

/// What was pasted, and whether all of it is right.
fn preview(locale: Locale, lines: Vec<paste::Line>) -> (AnyView, bool) {
    let wrong: Vec<(String, String)> = lines.iter().flat_map(|line| line.problems.clone()).collect();
    let good = wrong.is_empty() && !lines.is_empty();
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
                    <td>{words::materials(locale, &asked)}</td>
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
            {(!good).then(|| view! { <p>{locale.inspection_preview_wrong()}</p><ul class="wrong-cells">{items}</ul> })}
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
            action::to_change(&ctx, &mut conn, id).await?;
            drop(conn);
            let lines = paste::read(form.raw("rows"), locale).map_err(|why| Error::invalid("rows", why))?;
            if lines.is_empty() {
                return Err(Error::invalid("rows", locale.inspection_rows_none()));
            }
            if !form.has("store") || lines.iter().any(|line| !line.problems.is_empty()) {
                return Ok(Done::again());
            }
            let drafts: Vec<ItemDraft> = lines.into_iter().map(|line| line.draft).collect();
            locale.inspection_stored(action::add_items(&ctx, id, &drafts).await?)
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
