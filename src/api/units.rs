//! Units.

use super::json::{Body, Query};
use crate::{
    domain::{
        access::Scope,
        unit::{Class, Unit, UnitKind},
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn, state::AppState},
    unit::{
        action::{self, Change, ClassDraft, Draft},
        store::{self, Listed},
    },
};
use axum::{Json, extract::Path, http::StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(one, update))
}

/// Units on one page, by default and at most.
const PAGE: i64 = 1000;

/// A unit.
#[derive(Serialize, utoipa::ToSchema)]
struct UnitView {
    code: String,
    name: String,
    short_name: String,
    /// The parent's code; null for a root.
    parent: Option<String>,
    #[schema(value_type = String, example = "village")]
    kind: UnitKind,
    households: Option<i64>,
    population: Option<i64>,
    /// The open classes of a school.
    #[serde(skip_serializing_if = "Option::is_none")]
    classes: Option<Vec<ClassDraft>>,
    active_from: Option<NaiveDate>,
    active_to: Option<NaiveDate>,
    /// The code of the unit that it became part of.
    merged_into: Option<String>,
}

/// A new unit.
#[derive(Deserialize, utoipa::ToSchema)]
struct UnitBody {
    #[schema(example = "500113108203")]
    code: String,
    name: String,
    /// The parent's code; left out for a root.
    parent: Option<String>,
    /// county, town, village, community, school or department; by default what the code tells.
    kind: Option<String>,
    households: Option<i64>,
    population: Option<i64>,
    classes: Option<Vec<ClassDraft>>,
    active_from: Option<NaiveDate>,
    active_to: Option<NaiveDate>,
}

/// What is to change; what is left out stays, null empties.
#[derive(Deserialize, utoipa::ToSchema)]
struct UnitPatch {
    name: Option<String>,
    /// By default follows from the name.
    short_name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    households: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    population: Option<Option<i64>>,
    /// All classes of the school: those that are not named end yesterday.
    classes: Option<Vec<ClassDraft>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    active_from: Option<Option<NaiveDate>>,
    /// The last day; null opens the unit again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    active_to: Option<Option<NaiveDate>>,
    /// The code of the unit that this one becomes part of after `active_to`.
    merged_into: Option<String>,
    /// Cannot be changed.
    code: Option<String>,
    /// Cannot be changed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    parent: Option<Option<String>>,
    /// Cannot be changed.
    kind: Option<String>,
}

/// Tells null from what is left out.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Filter {
    /// A unit's code: it and all below it.
    unit: Option<String>,
    /// Units of this kind only.
    kind: Option<String>,
    /// From the former page's `next`.
    cursor: Option<String>,
    limit: Option<i64>,
}

/// A page of units.
#[derive(Serialize, utoipa::ToSchema)]
struct UnitPage {
    items: Vec<UnitView>,
    /// The cursor of the page behind it, null at the end.
    next: Option<String>,
}

impl UnitView {
    fn of(Listed { unit, parent, merged_into }: Listed, classes: Vec<Class>) -> UnitView {
        let classes = classes.into_iter().filter(|class| class.active_to.is_none());
        let drafts = classes.map(|class| ClassDraft { name: class.name, pupils: class.pupils });
        UnitView {
            code: unit.code,
            name: unit.name,
            short_name: unit.short_name,
            parent,
            kind: unit.kind,
            households: unit.households,
            population: unit.population,
            classes: (unit.kind == UnitKind::School).then(|| drafts.collect()),
            active_from: unit.active_from,
            active_to: unit.active_to,
            merged_into,
        }
    }
}

/// The units that may be read, by code
#[utoipa::path(get, path = "/api/v1/units", tag = "units", params(Filter), responses((status = 200, body = UnitPage)))]
async fn list(ctx: Ctx, Query(filter): Query<Filter>) -> Result<Json<UnitPage>> {
    let scope = ctx.scope()?;
    let kind = match filter.kind.as_deref() {
        Some(kind) => {
            let unknown = || Error::invalid("kind", ctx.locale.unit_kind_wrong());
            Some(UnitKind::from_key(kind).ok_or_else(unknown)?)
        }
        None => None,
    };
    let limit = filter.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let mut conn = ctx.db.read().await?;
    let under = match filter.unit.as_deref() {
        Some(code) => store::by_code(&mut conn, &scope, code).await?.path,
        None => "/".into(),
    };
    let after = filter.cursor.unwrap_or_default();
    let mut rows = store::page(&mut conn, &scope, &under, kind, &after, limit + 1).await?;
    let mut next = None;
    if rows.len() as i64 > limit {
        rows.pop();
        next = rows.last().map(|last| last.unit.code.clone());
    }
    let mut classes: BTreeMap<i64, Vec<Class>> = BTreeMap::new();
    if rows.iter().any(|row| row.unit.kind == UnitKind::School) {
        for class in store::classes_below(&mut conn, &under).await? {
            classes.entry(class.unit_id).or_default().push(class);
        }
    }
    let items = rows.into_iter().map(|row| {
        let classes = classes.remove(&row.unit.id).unwrap_or_default();
        UnitView::of(row, classes)
    });
    Ok(Json(UnitPage { items: items.collect(), next }))
}

/// A unit as the API shows it.
async fn view(conn: &mut Conn, unit: &Unit) -> Result<Json<UnitView>> {
    let rows = store::page(conn, &Scope::everything(), &unit.path, None, "", i64::MAX).await?;
    let listed = rows.into_iter().find(|row| row.unit.id == unit.id).ok_or(Error::NotFound)?;
    let classes = store::classes(conn, unit.id).await?;
    Ok(Json(UnitView::of(listed, classes)))
}

/// A unit
#[utoipa::path(get, path = "/api/v1/units/{code}", tag = "units", params(("code" = String, Path)),
    responses((status = 200, body = UnitView), (status = 404)))]
async fn one(ctx: Ctx, Path(code): Path<String>) -> Result<Json<UnitView>> {
    let mut conn = ctx.db.read().await?;
    let unit = store::by_code(&mut conn, &ctx.scope()?, &code).await?;
    view(&mut conn, &unit).await
}

/// Adds a unit
#[utoipa::path(post, path = "/api/v1/units", tag = "units", request_body = UnitBody,
    responses((status = 201, body = UnitView), (status = 403), (status = 422)))]
async fn create(ctx: Ctx, Body(body): Body<UnitBody>) -> Result<(StatusCode, Json<UnitView>)> {
    let UnitBody { code, name, parent, kind, households, population, classes, active_from, active_to } = body;
    let classes = classes.unwrap_or_default();
    let draft = Draft { code, name, parent, kind, households, population, classes, active_from, active_to };
    let unit = action::add(&ctx, draft).await?;
    Ok((StatusCode::CREATED, view(&mut ctx.db.read().await?, &unit).await?))
}

/// Changes a unit
#[utoipa::path(patch, path = "/api/v1/units/{code}", tag = "units", params(("code" = String, Path)),
    request_body = UnitPatch, responses((status = 200, body = UnitView), (status = 403), (status = 404), (status = 422)))]
async fn update(ctx: Ctx, Path(code): Path<String>, Body(patch): Body<UnitPatch>) -> Result<Json<UnitView>> {
    let mut conn = ctx.db.read().await?;
    let former = store::by_code(&mut conn, &ctx.scope()?, &code).await?;
    let Json(shown) = view(&mut conn, &former).await?;
    drop(conn);
    let mut problems = crate::domain::problem::Problems::default();
    if ctx.actor()?.may_manage(&former) {
        if patch.parent.is_some_and(|parent| parent != shown.parent) {
            problems.add("parent", ctx.locale.unit_not_moved());
        }
        if patch.code.is_some_and(|code| code != former.code) {
            problems.add("code", ctx.locale.unit_fixed());
        }
        if patch.kind.is_some_and(|kind| kind != former.kind.key()) {
            problems.add("kind", ctx.locale.unit_fixed());
        }
    }
    problems.into_result(())?;
    let change = Change {
        name: patch.name,
        short_name: patch.short_name,
        households: patch.households,
        population: patch.population,
        classes: patch.classes,
        active_from: patch.active_from,
        active_to: patch.active_to,
        merged_into: patch.merged_into,
    };
    let unit = action::change(&ctx, &code, change).await?;
    view(&mut ctx.db.read().await?, &unit).await
}
