//! `/campaigns/:key/materials`: what a campaign hands out, where it is, what it costs; and who fetched what.

pub use super::item_page::material;
use super::{
    action::{self, Board, FetchDraft, Line},
    item_page,
};
use crate::{
    campaign::view::total_text,
    catalogue,
    domain::{
        catalogue::Catalogue,
        material::{Draft, Stock, yuan},
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Field, Form, NamedField, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
};
use axum::Router;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new().route("/campaigns/{key}/materials", form(posted)).route("/materials/{id}", form(item_page::posted))
}

/// Where a campaign's materials are.
pub(super) fn address(campaign: &str) -> String {
    format!("/campaigns/{campaign}/materials")
}

/// What a form has of an item.
pub(super) fn draft(form: &FormData) -> Draft {
    let text = |name: &str| form.get(name).to_owned();
    Draft {
        measure: text("measure"),
        name: text("name"),
        unit_word: text("unit_word"),
        planned: text("planned"),
        prepared: text("prepared"),
        budget: text("budget"),
        spent: text("spent"),
    }
}

async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.trim_start_matches("/campaigns/").trim_end_matches("/materials").to_owned();
    let said = match form.get("do") {
        "fetch" => {
            let quantities =
                form.with_prefix("quantity.").map(|(code, typed)| (code.to_owned(), typed.to_owned())).collect();
            let text = |name: &str| form.get(name).to_owned();
            let draft = FetchDraft { item: text("item"), day: text("day"), fetched_by: text("fetched_by"), quantities };
            ctx.locale.material_fetch_saved(action::fetch(&ctx, &key, &draft).await?)
        }
        "add" => {
            action::add(&ctx, &key, &draft(&form)).await?;
            ctx.locale.material_saved().to_owned()
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Done::to(address(&key)).say(said))
}

/// A campaign's materials.
pub fn materials() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let board = action::board(&ctx, &mut conn, &key).await?;
        let catalogue = catalogue::store::visible(&mut conn, &board.owner).await?;
        drop(conn);
        let back = format!("/campaigns/{}", board.campaign.key);
        let title = locale.materials_title(&board.campaign.title);
        let (fetch, add) = match board.may_manage {
            true => (fetch_form(&ctx, &board), Some(add_form(locale, &catalogue, &board))),
            false => (None, None),
        };
        let body = view! {
            <p><a href=back>{board.campaign.title.clone()}</a></p>
            <Problems/>
            {board.sees_all.then(|| money(locale, &board))}
            {items_table(locale, &board)}
            {units_table(locale, &board)}
            {fetch}
            {add}
        };
        Ok(Page::new("/campaigns", title, body))
    })
}

/// What the campaign may cost, costs, and has left.
fn money(locale: Locale, board: &Board) -> Option<impl IntoView + use<>> {
    let sum =
        |of: fn(&Line) -> i64| board.lines.iter().filter(|line| line.item.closed_at.is_none()).map(of).sum::<i64>();
    let (budget, spent) = (sum(|line| line.item.budget_fen), sum(|line| line.item.spent_fen));
    (budget != 0 || spent != 0).then(|| {
        let text = match budget - spent {
            left if left < 0 => locale.material_money_over(yuan(budget), yuan(-left), yuan(spent)),
            left => locale.material_money(yuan(budget), yuan(left), yuan(spent)),
        };
        view! { <p class="lead">{text}</p> }
    })
}

/// An item's name with its unit word: 宣传资料（份）.
pub(super) fn name_of(locale: Locale, item: &super::store::Item) -> String {
    let name = locale.name(&item.name, item.name_en.as_deref());
    let word = locale.name(&item.unit_word, item.unit_word_en.as_deref());
    locale.material_name(name, word)
}

/// Pieces that are left, or how many more than there were, with a mark that is not colour alone.
fn left(locale: Locale, pieces: i64) -> AnyView {
    match pieces < 0 {
        true => view! { <span class="tag warn">{locale.material_over(-pieces)}</span> }.into_any(),
        false => pieces.to_string().into_any(),
    }
}

fn items_table(locale: Locale, board: &Board) -> AnyView {
    if board.lines.is_empty() {
        let text = if board.may_manage { locale.materials_none_yet() } else { locale.materials_none() };
        return view! { <p class="empty">{text}</p> }.into_any();
    }
    let all = board.sees_all;
    let mut heads = vec![Head::Text(locale.material_item())];
    if all {
        heads.extend([Head::Number(locale.material_planned()), Head::Number(locale.material_prepared())]);
    }
    heads.extend([Head::Number(locale.material_fetched()), Head::Number(locale.material_handed_out())]);
    if all {
        heads.push(Head::Number(locale.material_in_store()));
    }
    heads.push(Head::Number(locale.material_at_units()));
    if all {
        heads.extend([Head::Number(locale.material_budget()), Head::Number(locale.material_spent())]);
    }
    let rows = board
        .lines
        .iter()
        .map(|line| {
            let item = &line.item;
            let name = name_of(locale, item);
            let name = match board.may_manage {
                true => view! { <a href=format!("/materials/{}", item.id)>{name}</a> }.into_any(),
                false => name.into_any(),
            };
            let closed = item.closed_at.map(|_| view! { " "<span class="tag quiet">{locale.material_closed()}</span> });
            // Without a measure nothing tells how much of it was handed out.
            let at_units = line.handed_out.map(|_| left(locale, line.at_units()));
            let in_store = left(locale, line.in_store());
            let handed_out = line.handed_out.zip(item.measure.clone()).map(|(total, measure)| {
                let address = format!("/activities?campaign={}&measure={measure}", board.campaign.key);
                view! { <a href=address>{total_text(locale, total)}</a> }
            });
            view! {
                <tr>
                    <th scope="row">{name}{closed}</th>
                    {all.then(|| view! { <td class="num">{item.planned}</td><td class="num">{item.prepared}</td> })}
                    <td class="num">{line.fetched}</td>
                    <td class="num">{handed_out.map_or_else(|| "–".into_any(), IntoAny::into_any)}</td>
                    {all.then(|| view! { <td class="num">{in_store}</td> })}
                    <td class="num">{at_units.unwrap_or_else(|| "–".into_any())}</td>
                    {all.then(|| view! {
                        <td class="num">{yuan(item.budget_fen)}</td><td class="num">{yuan(item.spent_fen)}</td>
                    })}
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=locale.materials_caption() heads>{rows}</Table> }.into_any()
}

/// Each unit with what it fetched and handed out of each item.
fn units_table(locale: Locale, board: &Board) -> Option<impl IntoView + use<>> {
    let lines: Vec<&Line> = board.lines.iter().filter(|line| !line.units.is_empty()).collect();
    let mut units: Vec<_> = lines.iter().flat_map(|line| &line.units).map(|(unit, _)| unit.clone()).collect();
    units.sort_by(|one, other| one.code.cmp(&other.code));
    units.dedup_by(|one, other| one.id == other.id);
    (!units.is_empty()).then(|| {
        let heads =
            lines.iter().map(|line| view! { <th scope="col">{name_of(locale, &line.item)}</th> }).collect_view();
        let rows = units
            .into_iter()
            .map(|unit| {
                let cells = lines
                    .iter()
                    .map(|line| {
                        let found = line.units.iter().find(|(own, _)| own.id == unit.id);
                        let is_counted = line.handed_out.is_some();
                        view! { <td>{found.map(|(_, stock)| stock_text(locale, *stock, is_counted))}</td> }
                    })
                    .collect_view();
                view! { <tr><th scope="row">{unit.short_name}</th>{cells}</tr> }
            })
            .collect_view();
        view! {
            <section>
                <h2>{locale.materials_by_unit()}</h2>
                <div class="scroll" tabindex="0" role="region" aria-label=locale.materials_by_unit()>
                    <table class="table">
                        <caption>{locale.materials_by_unit_caption()}</caption>
                        <thead><tr><th scope="col">{locale.material_unit()}</th>{heads}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

fn stock_text(locale: Locale, stock: Stock, is_counted: bool) -> AnyView {
    if !is_counted {
        return locale.material_only_fetched(stock.fetched).into_any();
    }
    // Where nothing was fetched there is nothing to exceed: the village has its own.
    match stock.fetched > 0 && stock.is_over() {
        true => view! {
            {locale.material_stock(stock.fetched, stock.handed_out)}" "
            <span class="tag warn">{locale.material_over(-stock.left())}</span>
        }
        .into_any(),
        false if stock.fetched == 0 => locale.material_only_handed_out(stock.handed_out).into_any(),
        false => locale.material_stock_left(stock.fetched, stock.handed_out, stock.left()).into_any(),
    }
}

/// Who fetched how much: one item, a field for each unit.
fn fetch_form(ctx: &Ctx, board: &Board) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let items: Vec<(String, String)> = board
        .lines
        .iter()
        .filter(|line| line.item.closed_at.is_none())
        .map(|line| (line.item.id.to_string(), name_of(locale, &line.item)))
        .collect();
    (!items.is_empty() && !board.fetching.is_empty()).then(|| {
        let fields = board
            .fetching
            .iter()
            .map(|unit| {
                let name = format!("quantity.{}", unit.code);
                view! { <NamedField name kind="number" label=unit.short_name.clone() min="0"/> }
            })
            .collect_view();
        let first = items.first().map(|(id, _)| id.clone()).unwrap_or_default();
        let today = ctx.today.to_string();
        view! {
            <section>
                <h2>{locale.material_fetch_title()}</h2>
                <Form action="fetch">
                    <Select name="item" label=locale.material_item() options=items value=first/>
                    <div class="two">
                        <Field name="day" kind="date" label=locale.material_day() value=today.clone() max=today/>
                        <Field name="fetched_by" label=locale.material_fetched_by() hint=locale.material_fetched_by_hint()/>
                    </div>
                    <div class="counts">{fields}</div>
                    <div><button class="primary" type="submit">{locale.material_fetch_do()}</button></div>
                </Form>
            </section>
        }
    })
}

/// The fields of an item. Its measure is chosen once.
pub(super) fn fields(locale: Locale, item: Draft, measures: Option<Vec<(String, String)>>) -> impl IntoView {
    let is_named = measures.is_some() || item.measure.is_empty();
    view! {
        {measures.map(|options| view! {
            <Select name="measure" label=locale.material_measure() hint=locale.material_measure_hint() options value=item.measure/>
        })}
        {is_named.then(|| view! {
            <div class="two">
                <Field name="name" label=locale.material_own_name() hint=locale.material_own_name_hint() value=item.name/>
                <Field name="unit_word" label=locale.material_unit_word() value=item.unit_word/>
            </div>
        })}
        <div class="two">
            <Field name="planned" kind="number" label=locale.material_planned() min="0" value=item.planned/>
            <Field name="prepared" kind="number" label=locale.material_prepared() min="0" value=item.prepared/>
        </div>
        <div class="two">
            <Field name="budget" label=locale.material_budget() value=item.budget/>
            <Field name="spent" label=locale.material_spent() value=item.spent/>
        </div>
    }
}

fn add_form(locale: Locale, catalogue: &Catalogue, board: &Board) -> impl IntoView + use<> {
    let taken =
        |id: i64| board.lines.iter().any(|line| line.item.closed_at.is_none() && line.item.measure_id == Some(id));
    let mut measures = vec![(String::new(), locale.material_no_measure().to_owned())];
    measures.extend(
        catalogue
            .active_measures()
            .filter(|measure| !measure.is_stock && !taken(measure.id))
            .map(|measure| (measure.key.clone(), locale.name(&measure.name, measure.name_en.as_deref()).to_owned())),
    );
    view! {
        <section>
            <h2>{locale.material_add()}</h2>
            <Form action="add">
                {fields(locale, Draft::default(), Some(measures))}
                <div><button class="primary" type="submit">{locale.material_add_do()}</button></div>
            </Form>
        </section>
    }
}
