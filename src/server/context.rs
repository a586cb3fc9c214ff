//! Who asks, in which language, on which day: made once per request, before any handler.

use super::{
    clock,
    db::Db,
    form::{FLASH, FormData, Refused},
    state::{AppState, Settings},
};
use crate::{
    account,
    domain::{
        access::{Actor, Scope},
        period::Day,
    },
    error::{Error, Result},
    locale::Locale,
};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};
use chrono::{DateTime, Utc};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The header by which a phone names the account whose entries it sends, percent-encoded.
const ACCOUNT: HeaderName = HeaderName::from_static("pufa-account");

/// The name of the cookie with the reader's language.
pub const LANGUAGE: &str = "pufa_lang";

/// The name of the cookie in which a browser keeps how its reader likes the ledger: columns, rows a page.
pub const KEPT: &str = "pufa_ledger";

/// A request's context. Pages find it with `expect_context::<Ctx>()`, handlers as an extractor.
#[derive(Clone, Debug)]
pub struct Ctx {
    pub db: Db,
    pub settings: Arc<Settings>,
    pub locale: Locale,
    pub now: DateTime<Utc>,
    /// Today in UTC+8.
    pub today: Day,
    /// Who is logged in; ask [`Ctx::actor`].
    pub someone: Option<Arc<Actor>>,
    /// The session of the cookie, `None` for a bearer token.
    pub session_id: Option<i64>,
    pub path: String,
    pub query: FormData,
    /// The form that is shown again because it was refused.
    pub refused: Option<Arc<Refused>>,
    /// Why the page cannot be shown.
    pub failure: Option<Arc<Error>>,
    /// What to say once: "已保存".
    pub said: Option<String>,
    /// How the reader likes the ledger, as the fields of an address; empty: as usual.
    pub kept: String,
    /// The browser's own words about itself.
    pub agent: String,
    /// The address at the other end of the connection; what the client writes into headers is not asked.
    pub peer: Option<IpAddr>,
    /// How the reader's browser addresses this server, `http://192.168.1.5:3000`: for links that are passed on.
    pub origin: String,
}

impl Ctx {
    /// The address of the page that is asked for, with its query.
    pub fn here(&self) -> String {
        let query = self.query.with("", None);
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// Who asks.
    ///
    /// # Errors
    /// [`Error::LoggedOut`] when nobody is logged in.
    pub fn actor(&self) -> Result<&Actor> {
        self.someone.as_deref().ok_or(Error::LoggedOut)
    }

    /// What the one who asks may read.
    pub fn scope(&self) -> Result<Scope> {
        Ok(self.actor()?.scope())
    }

    /// For the command line and tests: everything may be read, nobody in particular acts.
    pub fn for_program(db: Db, actor: Option<Actor>) -> Ctx {
        let now = clock::now();
        Ctx {
            db,
            settings: Arc::default(),
            locale: Locale::default(),
            now,
            today: clock::day_of(now),
            someone: actor.map(Arc::new),
            session_id: None,
            path: String::new(),
            query: FormData::default(),
            refused: None,
            failure: None,
            said: None,
            kept: String::new(),
            agent: String::new(),
            peer: None,
            origin: String::new(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Ctx> {
        parts.extensions.get::<Ctx>().cloned().ok_or_else(|| Error::internal("the context layer is missing"))
    }
}

/// The name of the session cookie. `__Host-` binds it to this host and to TLS.
pub fn session_cookie(settings: &Settings) -> &'static str {
    if settings.tls { "__Host-pufa" } else { "pufa" }
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value)
}

/// The layer that makes the context, and puts errors into the reader's language.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let ctx = match make(&state, &parts).await {
        Ok(ctx) => ctx,
        Err(error) => return axum::response::IntoResponse::into_response(error),
    };
    let locale = ctx.locale;
    let asked = ctx.query.has("lang");
    let said = ctx.said.is_some();
    parts.extensions.insert(ctx);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(error) = response.extensions().get::<Arc<Error>>().cloned() {
        response = error.problem_json(locale);
    }
    if asked {
        let value = format!("{LANGUAGE}={}; Path=/; Max-Age=31536000; SameSite=Lax", locale.tag());
        response
            .headers_mut()
            .append(header::SET_COOKIE, HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("")));
    }
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if said && is_page {
        let gone = format!("{FLASH}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        if let Ok(gone) = HeaderValue::from_str(&gone) {
            response.headers_mut().append(header::SET_COOKIE, gone);
        }
    }
    response
}

async fn make(state: &AppState, parts: &Parts) -> Result<Ctx> {
    // No name has this character in it, and PostgreSQL takes it in no text.
    if parts.uri.to_string().contains("%00") {
        return Err(Error::NotFound);
    }
    let headers = &parts.headers;
    let query = FormData::parse(parts.uri.query().unwrap_or_default());
    let now = clock::now();
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let locale = Locale::parse(query.get("lang"))
        .or_else(|| Locale::parse(cookie(headers, LANGUAGE)?))
        .or_else(|| Locale::from_accept_language(text(header::ACCEPT_LANGUAGE)?))
        .unwrap_or_default();
    let path = parts.uri.path().to_owned();
    let bearer = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    // These do not ask who is there: assets, and what must answer when the database does not.
    let is_asset = path.starts_with("/pkg/") || ["/healthz", "/readyz", "/metrics"].contains(&path.as_str());
    let mut session_id = None;
    let mut someone: Option<Actor> = None;
    if let Some(token) = bearer.filter(|_| !is_asset) {
        someone = account::store::actor_of_token(&state.db, token, now).await?;
        if someone.is_none() {
            return Err(Error::LoggedOut);
        }
    } else if !is_asset
        && let Some(secret) = cookie(headers, session_cookie(&state.settings))
        && let Some((id, actor)) = account::store::actor_of_session(&state.db, secret, now).await?
    {
        session_id = Some(id);
        someone = Some(actor);
    }
    // What waited on a phone is sent under the account that wrote it, or not at all.
    let named =
        text(ACCOUNT).and_then(|name| FormData::parse(&format!("name={name}")).filled("name").map(str::to_owned));
    if let (Some(named), Some(actor)) = (named, &someone)
        && named != actor.name
    {
        return Err(Error::Conflict { code: "other_account", message: locale.outbox_other_account().into() });
    }
    // A page that a script fetches, to keep it, is not read by anybody yet.
    let is_read = text(HeaderName::from_static("sec-fetch-dest")) != Some("empty");
    Ok(Ctx {
        db: state.db.clone(),
        settings: state.settings.clone(),
        locale,
        now,
        today: clock::day_of(now),
        someone: someone.map(Arc::new),
        session_id,
        path,
        query,
        refused: None,
        failure: None,
        said: hidden(headers, FLASH).filter(|text| is_read && !text.is_empty()),
        kept: hidden(headers, KEPT).unwrap_or_default(),
        agent: text(header::USER_AGENT).unwrap_or_default().chars().take(200).collect(),
        peer: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip()),
        origin: origin(&state.settings, parts),
    })
}

/// A cookie's text that was written in hex.
fn hidden(headers: &HeaderMap, name: &str) -> Option<String> {
    String::from_utf8(hex::decode(cookie(headers, name)?).ok()?).ok()
}

/// Scheme and host as the browser named them; empty where the host is no host.
fn origin(settings: &Settings, parts: &Parts) -> String {
    let named = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let host = named.or(parts.uri.authority().map(|authority| authority.as_str())).unwrap_or_default();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_host) {
        return String::new();
    }
    format!("{}://{host}", if settings.tls { "https" } else { "http" })
}
