//! `GET /reports/{id}/report.docx`: the report as a document.

use super::{
    store,
    text::{Written, written},
};
use crate::{
    error::{Error, Result},
    server::{
        context::Ctx,
        document::{self, Document},
    },
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};

/// The report in the layout of GB/T 9704.
pub fn document_of(written: &Written) -> Document {
    Document {
        title: written.title.clone(),
        to: written.to.clone(),
        body: written.body(),
        pictures: Vec::new(),
        end: written.end.clone(),
    }
}

/// The file. Whoever is not logged in is asked to.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn download(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login?next=%2Freport").into_response());
    }
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let report = store::one(&mut conn, &ctx.scope()?, id).await?;
    drop(conn);
    let docx = document_of(&written(&report)).docx()?;
    document::answer(docx, &report.title, &format!("report-{id}"))
}
