//! A page: what is loaded for it, its title and its body; and the pages that say why there is none.

use super::layout::{Layout, WakeIslands, Wall};
use crate::{
    error::{Error, Result},
    server::{context::Ctx, form::FormData, page::set_status, setting},
};
use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

/// A page that was loaded.
pub struct Page {
    pub title: String,
    pub body: AnyView,
    /// Where in the navigation the page stands: the address of its entry.
    pub section: &'static str,
    /// Whether the page has parts that wake up in the browser; only then it loads a script.
    pub islands: bool,
    /// Whether it hangs on a wall: without navigation, and its body bears the heading.
    pub wall: bool,
}

impl Page {
    pub fn new(section: &'static str, title: impl Into<String>, body: impl IntoAny) -> Page {
        Page { title: title.into(), body: body.into_any(), section, islands: false, wall: false }
    }

    /// The page has islands ([`crate::island`]): it loads the script that wakes them.
    pub fn with_islands(self) -> Page {
        Page { islands: true, ..self }
    }

    /// The page hangs on a wall ([`Wall`]).
    pub fn on_wall(self) -> Page {
        Page { wall: true, ..self }
    }
}

/// Loads and shows a page. Whoever is not logged in is asked to, and comes back here.
pub fn page<L, F>(load: L) -> impl IntoView
where
    L: FnOnce(Ctx) -> F,
    F: Future<Output = Result<Page>> + Send + 'static,
{
    let ctx = expect_context::<Ctx>();
    let loaded = match ctx.failure.clone() {
        Some(failure) => Err(failure),
        None => Ok(load(ctx.clone())),
    };
    let body = Suspend::new(async move {
        let loaded = match loaded {
            Ok(future) => future.await.map_err(Arc::new),
            Err(failure) => Err(failure),
        };
        // Where the database does not answer, the page says that, and not whose data it would have shown.
        let is_demo = setting::is_demo(&ctx.db).await.unwrap_or_default();
        match loaded {
            Ok(page) => show(&ctx, page, is_demo),
            Err(error) if matches!(*error, Error::LoggedOut) && ctx.failure.is_none() => {
                leptos_axum::redirect(&login_address(&ctx));
                set_status(StatusCode::SEE_OTHER);
                ().into_any()
            }
            Err(error) => {
                if ctx.failure.is_none() {
                    error.log();
                }
                explain(&ctx, &error, is_demo)
            }
        }
    });
    view! { <Suspense fallback=|| ()>{body}</Suspense> }
}

fn login_address(ctx: &Ctx) -> String {
    let here = ctx.here();
    if here == "/" {
        return "/login".into();
    }
    format!("/login?{}", serde_html_form::to_string([("next", here)]).unwrap_or_default())
}

fn show(ctx: &Ctx, page: Page, is_demo: bool) -> AnyView {
    let name = ctx.locale.product();
    let title = super::escaped(&format!("{} · {name}", page.title));
    if page.wall {
        return view! { <Title text=title/> <Wall is_demo>{page.body}</Wall> }.into_any();
    }
    view! {
        // leptos_meta writes a title as it is given.
        <Title text=title/>
        <Layout section=page.section title=page.title.clone() is_demo>
            {page.body}
            {page.islands.then(|| view! { <WakeIslands/> })}
        </Layout>
    }
    .into_any()
}

/// The page that says why there is none, and how to go on.
fn explain(ctx: &Ctx, error: &Error, is_demo: bool) -> AnyView {
    set_status(error.status());
    let locale = ctx.locale;
    // An address with a condition that cannot be read: all the others are kept.
    let others = match error {
        Error::Invalid(problems) if ctx.failure.is_none() => {
            let left = problems
                .iter()
                .fold(ctx.query.clone(), |query, problem| FormData::parse(&query.with(&problem.field, None)));
            let address = format!("{}?{}", ctx.path, left.with("", None));
            Some(view! { <p><a class="button primary" href=address>{locale.go_back_without()}</a></p> })
        }
        _ => None,
    };
    let body = view! {
        <p class="lead">{error.message(locale)}</p>
        {others}
        <p><a class="button" href="/">{locale.go_home()}</a></p>
    };
    let title = match error {
        Error::NotFound => locale.title_not_found(),
        Error::Forbidden => locale.title_forbidden(),
        _ => locale.title_error(),
    };
    show(ctx, Page::new("", title, body), is_demo)
}

/// There is no such page.
pub fn not_found() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
