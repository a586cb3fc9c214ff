//! `/api/v1/reports`: the yearly report for programs.

use super::json::Query;
use crate::{
    error::{Error, Result},
    ledger::sheet,
    report::{
        action::{self, Annual},
        xlsx,
    },
    server::{context::Ctx, document, state::AppState},
};
use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(annual))
}

/// The yearly report of a unit and all below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnualReport {
    /// The yearly sentence.
    pub sentence: String,
    /// The whole text; the sentence is the first paragraph.
    pub paragraphs: Vec<String>,
    pub figures: Vec<ReportFigure>,
}

/// A figure of the report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportFigure {
    /// The measure's key.
    pub measure: String,
    pub exact: i64,
    pub at_least: i64,
    pub estimate: i64,
    /// The figure in the report's words: 150余条.
    pub wording: String,
    /// How many activities it is the sum of.
    pub activities: i64,
}

impl From<Annual> for AnnualReport {
    fn from(annual: Annual) -> AnnualReport {
        let figures = annual
            .figures
            .into_iter()
            .map(|line| ReportFigure {
                measure: line.measure,
                exact: line.total.exact,
                at_least: line.total.at_least,
                estimate: line.total.estimate,
                wording: line.wording,
                activities: line.total.activities,
            })
            .collect();
        AnnualReport { sentence: annual.sentence, paragraphs: annual.paragraphs, figures }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AnnualQuery {
    /// The unit's code.
    #[serde(default)]
    unit: String,
    #[serde(default)]
    year: String,
    /// `official`, `exact` or `internal`; by default `official`.
    #[serde(default)]
    style: String,
    /// `text`, `json`, `docx` or `xlsx`; by default `json`.
    #[serde(default)]
    format: String,
}

/// The yearly report, in Chinese unless `lang=` says otherwise.
#[utoipa::path(
    get,
    path = "/api/v1/reports/annual",
    params(AnnualQuery),
    responses((status = 200, body = AnnualReport), (status = 404), (status = 422))
)]
async fn annual(ctx: Ctx, Query(query): Query<AnnualQuery>) -> Result<Response> {
    let question = action::question(&ctx, &query.unit, &query.year, &query.style).await?;
    if !["", "json", "text", "docx", "xlsx"].contains(&query.format.as_str()) {
        return Err(Error::invalid("format", ctx.locale.report_format_odd()));
    }
    let report = action::annual(&ctx, &question.unit, question.year, question.style).await?;
    let name = format!("report-{}-{}", question.unit.code, question.year);
    match query.format.as_str() {
        "text" => Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], report.plain()).into_response()),
        "docx" => document::answer(report.docx()?, &report.title, &name),
        "xlsx" => {
            let (locale, made) = (action::language(&ctx), sheet::made_by(&ctx));
            let title = report.title.clone();
            let written = tokio::task::spawn_blocking(move || xlsx::workbook(&report, locale, &made));
            let mut response = written.await.map_err(Error::internal)??.into_response();
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            document::as_download(&mut response, kind, &format!("{title}.xlsx"), &format!("{name}.xlsx"))?;
            Ok(response)
        }
        _ => Ok(Json(AnnualReport::from(report)).into_response()),
    }
}
