//! Text to be copied into other programs, and what to do where a download is blocked.

use crate::server::context::Ctx;
use leptos::prelude::*;

/// A text to copy, whole at a touch: in Chinese, whatever language the page is read in.
#[component]
pub fn CopyText(
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: String,
    #[prop(into)] text: String,
) -> impl IntoView {
    // A long line takes several rows on a phone.
    let rows: usize = text.lines().map(|line| 1 + line.chars().count() / 40).sum();
    let rows = rows.clamp(3, 40).to_string();
    // As `field::TextArea`: the first line break inside a textarea is dropped by browsers.
    let text = format!("\n{}", super::escaped(&text));
    let described = (!hint.is_empty()).then(|| format!("{id}-hint"));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {described.clone().map(|described| view! { <p class="hint" id=described>{hint}</p> })}
            <textarea id=id lang="zh-CN" readonly=true rows=rows inner_html=text aria-describedby=described></textarea>
        </div>
    }
}

/// WeChat's own browser saves no file: how to go on, said there and nowhere else.
#[component]
pub fn InWeChat() -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    ctx.agent.contains("MicroMessenger").then(|| view! { <p class="hint in-wechat">{ctx.locale.copy_in_wechat()}</p> })
}
