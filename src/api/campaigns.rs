//! Being built.

use crate::server::state::AppState;
use utoipa_axum::router::OpenApiRouter;

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
