//! Fields of forms: label, hint, what was typed, what is wrong with it.
//!
//! A field finds the refused form by itself: after a refusal it shows what was typed and the message beside it.

use crate::server::context::Ctx;
use leptos::prelude::*;

/// What a field shows: the value typed in a refused form, else `value`; and the problem, if it has one.
fn state(name: &str, value: String) -> (String, Option<String>) {
    match expect_context::<Ctx>().refused {
        Some(refused) => {
            let problem = refused.problem(name).map(str::to_owned);
            let typed = if refused.form.has(name) { refused.form.raw(name).to_owned() } else { String::new() };
            (typed, problem)
        }
        None => (value, None),
    }
}

/// The values ticked or chosen: those of a refused form, else `chosen`.
fn chosen_state(name: &str, chosen: Vec<String>) -> (Vec<String>, Option<String>) {
    match expect_context::<Ctx>().refused {
        Some(refused) => {
            (refused.form.all(name).into_iter().map(str::to_owned).collect(), refused.problem(name).map(str::to_owned))
        }
        None => (chosen, None),
    }
}

fn problem_line(problem: Option<String>, id: String) -> impl IntoView {
    problem.map(|text| view! { <p class="problem" id=id>{text}</p> })
}

/// An id for `name` that is fit for `for=` and `aria-describedby=`.
pub fn id_of(name: &str) -> String {
    format!("f-{}", name.replace(['.', '[', ']'], "-"))
}

/// A list of all that is wrong, at the top of a refused form, each a link to its field.
#[component]
pub fn Problems() -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    // A form that is shown again to be looked at has none.
    ctx.refused.filter(|refused| !refused.problems.is_empty()).map(|refused| {
        let items = refused
            .problems
            .iter()
            .map(|problem| {
                let message = problem.message.clone();
                match problem.field.as_str() {
                    "" => view! { <li>{message}</li> }.into_any(),
                    field => view! { <li><a href=format!("#{}", id_of(field))>{message}</a></li> }.into_any(),
                }
            })
            .collect_view();
        view! {
            <div class="problems" role="alert">
                <h2>{ctx.locale.please_check()}</h2>
                <ul>{items}</ul>
            </div>
        }
    })
}

/// A one-line field. `kind` is the input's type: text, number, date, password, datetime-local, tel …
#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
    /// The counter behind a number: 条, 人.
    #[prop(into, optional)]
    unit_word: String,
    #[prop(default = "")] autocomplete: &'static str,
    #[prop(into, optional)] min: String,
    #[prop(into, optional)] max: String,
    /// What helps to fill it in, on the same line.
    #[prop(optional)]
    aid: Option<AnyView>,
    /// What is often typed; the browser offers it, and anything else may be.
    #[prop(optional)]
    suggestions: Vec<String>,
) -> impl IntoView {
    view! {
        <NamedField name=name.to_owned() label kind value hint required unit_word autocomplete min max aid suggestions/>
    }
}

/// A field named `file`. `accept` are the endings that are taken. A browser does not send a file again: a refused form asks
/// for it anew.
#[component]
pub fn FileField(
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: String,
    accept: &'static str,
) -> impl IntoView {
    let (_, problem) = state("file", String::new());
    let wrong = problem.is_some();
    let has_hint = !hint.is_empty();
    let described = match (has_hint, wrong) {
        (true, true) => Some("f-file-hint f-file-problem"),
        (true, false) => Some("f-file-hint"),
        (false, true) => Some("f-file-problem"),
        (false, false) => None,
    };
    view! {
        <div class="field" class:wrong=wrong>
            <label for="f-file">{label}</label>
            {has_hint.then(|| view! { <p class="hint" id="f-file-hint">{hint}</p> })}
            <input id="f-file" name="file" type="file" accept=accept aria-invalid=wrong.then_some("true")
                aria-describedby=described/>
            {problem_line(problem, "f-file-problem".into())}
        </div>
    }
}

/// As [`Field`], for a name that data decides (`value.banner`).
#[component]
pub fn NamedField(
    name: String,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] unit_word: String,
    #[prop(default = "")] autocomplete: &'static str,
    #[prop(into, optional)] min: String,
    #[prop(into, optional)] max: String,
    #[prop(optional_no_strip)] aid: Option<AnyView>,
    #[prop(optional)] suggestions: Vec<String>,
) -> impl IntoView {
    let (value, problem) = state(&name, value);
    let wrong = problem.is_some();
    // A password that was refused is typed again: it is never sent back.
    let value = if kind == "password" { String::new() } else { value };
    let id = id_of(&name);
    let list = (!suggestions.is_empty()).then(|| format!("{id}-list"));
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let described = [(!hint.is_empty()).then(|| hint_id.clone()), wrong.then(|| problem_id.clone())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    view! {
        <div class="field" class:wrong=wrong>
            <label for=id.clone()>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <div class="control">
                <input
                    id=id
                    name=name
                    type=kind
                    value=value
                    required=required
                    autocomplete=(!autocomplete.is_empty()).then_some(autocomplete)
                    inputmode=(kind == "number").then_some("numeric")
                    min=(!min.is_empty()).then_some(min)
                    max=(!max.is_empty()).then_some(max)
                    list=list.clone()
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=(!described.is_empty()).then_some(described)
                />
                {(!unit_word.is_empty()).then(|| view! { <span class="unit-word">{unit_word}</span> })}
                {aid}
            </div>
            {list.map(|list| view! {
                <datalist id=list>{suggestions.into_iter().map(|one| view! { <option value=one></option> }).collect_view()}</datalist>
            })}
            {problem_line(problem, problem_id.clone())}
        </div>
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(default = 3)] rows: u32,
) -> impl IntoView {
    let (value, problem) = state(name, value);
    let wrong = problem.is_some();
    let id = id_of(name);
    let problem_id = format!("{id}-problem");
    // `prop:value` writes nothing on the server, and a child would be followed by a marker that the reader would see.
    // The first line break inside a textarea is dropped by browsers.
    let text = format!("\n{}", super::escaped(&value));
    view! {
        <div class="field" class:wrong=wrong>
            <label for=id.clone()>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            <textarea id=id name=name rows=rows inner_html=text
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| problem_id.clone())
            ></textarea>
            {problem_line(problem, problem_id.clone())}
        </div>
    }
}

/// One of several values, in a drop-down list. `options` are (value, text).
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
) -> impl IntoView {
    let (value, problem) = state(&name, value);
    let wrong = problem.is_some();
    let id = id_of(&name);
    let problem_id = format!("{id}-problem");
    view! {
        <div class="field" class:wrong=wrong>
            <label for=id.clone()>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            <select id=id name=name
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| problem_id.clone())
            >
                {options.into_iter().map(|(key, text)| {
                    let selected = key == value;
                    view! { <option value=key selected=selected>{text}</option> }
                }).collect_view()}
            </select>
            {problem_line(problem, problem_id.clone())}
        </div>
    }
}

/// One (`single`) or any number of several values, each to be seen and touched at once: radio buttons or check boxes.
#[component]
pub fn Choices(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional)] chosen: Vec<String>,
    #[prop(optional)] single: bool,
    #[prop(into, optional)] hint: String,
    /// How many are seen at once; the others, unless one of them is chosen, are folded away. 0: all.
    #[prop(optional)]
    first: usize,
) -> impl IntoView {
    let (chosen, problem) = chosen_state(name, chosen);
    let wrong = problem.is_some();
    let id = id_of(name);
    let problem_id = format!("{id}-problem");
    let first = if first == 0 { options.len() } else { first };
    let folded_open = options.iter().skip(first).any(|(key, _)| chosen.contains(key));
    let chip = |(index, (key, text)): (usize, (String, String))| {
        let checked = chosen.contains(&key);
        let option_id = format!("{id}-{index}");
        view! {
            <span class="chip">
                <input type=if single { "radio" } else { "checkbox" } id=option_id.clone() name=name value=key checked=checked/>
                <label for=option_id>{text}</label>
            </span>
        }
    };
    let mut chips: Vec<_> = options.into_iter().enumerate().map(chip).collect();
    let folded = chips.split_off(first.min(chips.len()));
    view! {
        <fieldset class="choices" class:wrong=wrong id=id.clone()
            aria-describedby=wrong.then(|| problem_id.clone())
        >
            <legend>{label}</legend>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            <div class="chips">{chips}</div>
            {(!folded.is_empty()).then(|| view! {
                <details open=folded_open><summary>{expect_context::<Ctx>().locale.more()}</summary><div class="chips">{folded}</div></details>
            })}
            {problem_line(problem, problem_id.clone())}
        </fieldset>
    }
}

/// A form that posts to its own page, or `to` another one. `action` fills the hidden field `do` where a page has several
/// forms.
#[component]
pub fn Form(
    #[prop(default = "")] action: &'static str,
    #[prop(default = "form")] class: &'static str,
    #[prop(default = None)] to: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=to class=class novalidate=true>
            {(!action.is_empty()).then(|| view! { <input type="hidden" name="do" value=action/> })}
            {children()}
        </form>
    }
}
