//! Tables: a caption, heads, rows; wider than the page they scroll in a frame of their own, by keyboard too.

use leptos::prelude::*;

/// The head of a column.
#[derive(Clone, Copy, Debug)]
pub enum Head {
    Text(&'static str),
    /// Its cells are numbers, which stand below each other at their last digit.
    Number(&'static str),
}

/// A table; the children are its rows.
#[component]
pub fn Table(#[prop(into)] caption: String, heads: Vec<Head>, children: Children) -> impl IntoView {
    let heads = heads
        .into_iter()
        .map(|head| {
            let (text, class) = match head {
                Head::Text(text) => (text, None),
                Head::Number(text) => (text, Some("num")),
            };
            view! { <th scope="col" class=class>{text}</th> }
        })
        .collect_view();
    let label = caption.clone();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="table">
                <caption>{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
