//! Measures, activity types and themes.

use super::json::{Body, Query};
use crate::{
    catalogue::{
        action::{self, MeasureDraft, ThemeDraft, TypeDraft, WordingDraft},
        store,
    },
    domain::{
        access::Scope,
        catalogue::{ActivityType, Catalogue, EvidencePolicy, Theme},
        measure::{Form, Measure},
    },
    error::Result,
    server::{context::Ctx, db::Conn, state::AppState},
    unit,
};
use axum::{Json, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(measures, add_measure))
        .routes(routes!(types, add_type))
        .routes(routes!(themes, add_theme))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Of {
    /// The code of the unit whose catalogue is asked, by default the reader's own.
    unit: Option<String>,
}

/// A list; `next` is the cursor of the page behind it, null at the end.
#[derive(Serialize, utoipa::ToSchema)]
struct Entries<T> {
    items: Vec<T>,
    next: Option<String>,
}

/// A measure.
#[derive(Serialize, utoipa::ToSchema)]
struct MeasureView {
    key: String,
    name: String,
    name_en: Option<String>,
    unit_word: String,
    unit_word_en: Option<String>,
    /// What counts and what does not.
    counting_rule: String,
    rule_version: i64,
    /// Whether people take part, or are shown something.
    interactive: bool,
    /// Whether it is entered as of a date and never summed over time.
    is_stock: bool,
    phrase: Option<String>,
    #[schema(value_type = String, example = "more")]
    form: Form,
    /// The code of the unit it belongs to; null for a built-in one.
    unit: Option<String>,
    retired: bool,
}

/// A new measure.
#[derive(Deserialize, utoipa::ToSchema)]
struct MeasureBody {
    /// Without one, a free one is chosen.
    key: Option<String>,
    name: String,
    name_en: Option<String>,
    unit_word: String,
    unit_word_en: Option<String>,
    counting_rule: Option<String>,
    #[serde(default)]
    interactive: bool,
    #[serde(default)]
    is_stock: bool,
    /// The words around the figure in the official sentence, with or without `{figure}`.
    phrase: Option<String>,
    /// more (150余条), above (7000份以上) or hundreds (上百次).
    form: Option<String>,
    /// From 10,000 on the figure is put in 万.
    ten_thousands: Option<bool>,
    /// A step of rounding coarser than the law's.
    step: Option<i64>,
    /// The code of the unit it belongs to, by default the writer's own.
    unit: Option<String>,
}

/// An activity type.
#[derive(Serialize, utoipa::ToSchema)]
struct TypeView {
    key: String,
    name: String,
    name_en: Option<String>,
    /// The keys of the measures its form asks, the main one first.
    measures: Vec<String>,
    #[schema(value_type = String, example = "recommended")]
    evidence: EvidencePolicy,
    unit: Option<String>,
    retired: bool,
}

/// A new activity type.
#[derive(Deserialize, utoipa::ToSchema)]
struct TypeBody {
    key: Option<String>,
    name: String,
    name_en: Option<String>,
    measures: Vec<String>,
    /// none, recommended or required; by default recommended.
    evidence: Option<String>,
    unit: Option<String>,
}

/// A theme.
#[derive(Serialize, utoipa::ToSchema)]
struct ThemeView {
    key: String,
    name: String,
    name_en: Option<String>,
    unit: Option<String>,
    retired: bool,
}

/// A new theme.
#[derive(Deserialize, utoipa::ToSchema)]
struct ThemeBody {
    key: Option<String>,
    name: String,
    name_en: Option<String>,
    unit: Option<String>,
}

/// A catalogue with the codes of its owners.
struct Shown {
    catalogue: Catalogue,
    codes: BTreeMap<i64, String>,
}

impl Shown {
    async fn load(conn: &mut Conn, unit: &crate::domain::unit::Unit) -> Result<Shown> {
        let catalogue = store::visible(conn, unit).await?;
        let mut codes = BTreeMap::new();
        for id in unit.ancestry() {
            codes.insert(id, unit::store::by_id(conn, &Scope::everything(), id).await?.code);
        }
        Ok(Shown { catalogue, codes })
    }

    /// The catalogue that the reader asks for.
    async fn asked(ctx: &Ctx, of: &Of) -> Result<Shown> {
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(ctx, &mut conn, of.unit.as_deref()).await?;
        Shown::load(&mut conn, &unit).await
    }

    /// The catalogue of the unit that owns a new entry.
    async fn of_owner(ctx: &Ctx, owner: Option<i64>) -> Result<Shown> {
        let mut conn = ctx.db.read().await?;
        let unit = unit::store::by_id(&mut conn, &Scope::everything(), owner.unwrap_or_default()).await?;
        Shown::load(&mut conn, &unit).await
    }

    fn owner(&self, id: Option<i64>) -> Option<String> {
        self.codes.get(&id?).cloned()
    }

    fn measure(&self, one: &Measure) -> MeasureView {
        MeasureView {
            key: one.key.clone(),
            name: one.name.clone(),
            name_en: one.name_en.clone(),
            unit_word: one.unit_word.clone(),
            unit_word_en: one.unit_word_en.clone(),
            counting_rule: one.counting_rule.clone(),
            rule_version: one.rule_version,
            interactive: one.interactive,
            is_stock: one.is_stock,
            phrase: one.wording.phrase.clone(),
            form: one.wording.form,
            unit: self.owner(one.unit_id),
            retired: one.retired,
        }
    }

    fn activity_type(&self, one: &ActivityType) -> TypeView {
        let measures = one.measures.iter().filter_map(|id| Some(self.catalogue.measure_by_id(*id)?.key.clone()));
        TypeView {
            key: one.key.clone(),
            name: one.name.clone(),
            name_en: one.name_en.clone(),
            measures: measures.collect(),
            evidence: one.evidence,
            unit: self.owner(one.unit_id),
            retired: one.retired,
        }
    }

    fn theme(&self, one: &Theme) -> ThemeView {
        ThemeView {
            key: one.key.clone(),
            name: one.name.clone(),
            name_en: one.name_en.clone(),
            unit: self.owner(one.unit_id),
            retired: one.retired,
        }
    }
}

/// The measures that a unit sees
#[utoipa::path(get, path = "/api/v1/measures", tag = "catalogue", params(Of),
    responses((status = 200, body = Entries<MeasureView>)))]
async fn measures(ctx: Ctx, Query(of): Query<Of>) -> Result<Json<Entries<MeasureView>>> {
    let shown = Shown::asked(&ctx, &of).await?;
    let items = shown.catalogue.measures.iter().map(|one| shown.measure(one)).collect();
    Ok(Json(Entries { items, next: None }))
}

/// Adds a measure
#[utoipa::path(post, path = "/api/v1/measures", tag = "catalogue", request_body = MeasureBody,
    responses((status = 201, body = MeasureView), (status = 403), (status = 422)))]
async fn add_measure(ctx: Ctx, Body(body): Body<MeasureBody>) -> Result<(StatusCode, Json<MeasureView>)> {
    let wording = WordingDraft {
        form: body.form,
        phrase: body.phrase,
        ten_thousands: body.ten_thousands,
        step: body.step,
        ..WordingDraft::default()
    };
    let draft = MeasureDraft {
        unit: body.unit,
        key: body.key,
        name: body.name,
        name_en: body.name_en,
        unit_word: body.unit_word,
        unit_word_en: body.unit_word_en,
        counting_rule: body.counting_rule,
        interactive: body.interactive,
        is_stock: body.is_stock,
        wording,
    };
    let measure = action::add_measure(&ctx, draft).await?;
    let shown = Shown::of_owner(&ctx, measure.unit_id).await?;
    Ok((StatusCode::CREATED, Json(shown.measure(&measure))))
}

/// The activity types that a unit sees
#[utoipa::path(get, path = "/api/v1/activity-types", tag = "catalogue", params(Of),
    responses((status = 200, body = Entries<TypeView>)))]
async fn types(ctx: Ctx, Query(of): Query<Of>) -> Result<Json<Entries<TypeView>>> {
    let shown = Shown::asked(&ctx, &of).await?;
    let items = shown.catalogue.types.iter().map(|one| shown.activity_type(one)).collect();
    Ok(Json(Entries { items, next: None }))
}

/// Adds an activity type
#[utoipa::path(post, path = "/api/v1/activity-types", tag = "catalogue", request_body = TypeBody,
    responses((status = 201, body = TypeView), (status = 403), (status = 422)))]
async fn add_type(ctx: Ctx, Body(body): Body<TypeBody>) -> Result<(StatusCode, Json<TypeView>)> {
    let TypeBody { key, name, name_en, measures, evidence, unit } = body;
    let one = action::add_type(&ctx, TypeDraft { unit, key, name, name_en, measures, evidence }).await?;
    let shown = Shown::of_owner(&ctx, one.unit_id).await?;
    Ok((StatusCode::CREATED, Json(shown.activity_type(&one))))
}

/// The themes that a unit sees
#[utoipa::path(get, path = "/api/v1/themes", tag = "catalogue", params(Of),
    responses((status = 200, body = Entries<ThemeView>)))]
async fn themes(ctx: Ctx, Query(of): Query<Of>) -> Result<Json<Entries<ThemeView>>> {
    let shown = Shown::asked(&ctx, &of).await?;
    let items = shown.catalogue.themes.iter().map(|one| shown.theme(one)).collect();
    Ok(Json(Entries { items, next: None }))
}

/// Adds a theme
#[utoipa::path(post, path = "/api/v1/themes", tag = "catalogue", request_body = ThemeBody,
    responses((status = 201, body = ThemeView), (status = 403), (status = 422)))]
async fn add_theme(ctx: Ctx, Body(body): Body<ThemeBody>) -> Result<(StatusCode, Json<ThemeView>)> {
    let ThemeBody { key, name, name_en, unit } = body;
    let theme = action::add_theme(&ctx, ThemeDraft { unit, key, name, name_en }).await?;
    let shown = Shown::of_owner(&ctx, theme.unit_id).await?;
    Ok((StatusCode::CREATED, Json(shown.theme(&theme))))
}
