//! A number that is counted up and down with the thumb.

use leptos::{html::Input, prelude::*, web_sys};

/// The value one step up or down, never below `min` and never above `max`; an empty or unreadable field counts as 0.
fn stepped(typed: &str, by: i64, min: i64, max: i64) -> i64 {
    typed.trim().parse::<i64>().unwrap_or(0).saturating_add(by).clamp(min, max)
}

/// A number field between a − and a + of a thumb's size. The field is there without script and can be typed into; the
/// two buttons do nothing until the island wakes and are not shown before.
///
/// The field's events bubble as if it had been typed into, so that [`super::SaveButton`] hears the steps.
///
/// ```text
/// <Stepper
///     name="value.banner".to_owned()
///     label="横幅/标语".to_owned()          // the label above the field
///     unit_word="条".to_owned()             // behind the field; empty for none
///     value="3".to_owned()                  // what was typed, or empty
///     less="少一条".to_owned()              // what the buttons say to who cannot see them
///     more="多一条".to_owned()
///     problem=String::new()                 // what is wrong with it; empty for nothing
/// />
/// ```
/// Further props: `min` (0), `max` (10,000,000, the largest count of an entry) and `step` (1).
#[island]
pub fn Stepper(
    name: String,
    label: String,
    #[prop(optional)] unit_word: String,
    #[prop(optional)] value: String,
    less: String,
    more: String,
    #[prop(optional)] problem: String,
    #[prop(default = 0)] min: i64,
    #[prop(default = 10_000_000)] max: i64,
    #[prop(default = 1)] step: i64,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let awake = RwSignal::new(false);
    Effect::new(move || awake.set(true));
    let change = move |by: i64| {
        let Some(field) = input.get_untracked() else { return };
        field.set_value(&stepped(&field.value(), by, min, max).to_string());
        announce(&field);
    };
    let id = format!("f-{}", name.replace(['.', '[', ']'], "-"));
    let problem_id = format!("{id}-problem");
    let wrong = !problem.is_empty();
    view! {
        <div class="field stepper" class:wrong=wrong>
            <label for=id.clone()>{label}</label>
            <div class="control">
                <button type="button" class="step" aria-label=less hidden=move || !awake.get()
                    on:click=move |_| change(-step)
                >"−"</button>
                <input type="number" inputmode="numeric" id=id name=name value=value min=min max=max node_ref=input
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=wrong.then(|| problem_id.clone())
                />
                <button type="button" class="step" aria-label=more hidden=move || !awake.get()
                    on:click=move |_| change(step)
                >"+"</button>
                {(!unit_word.is_empty()).then(|| view! { <span class="unit-word">{unit_word}</span> })}
            </div>
            {wrong.then(|| view! { <p class="problem" id=problem_id>{problem}</p> })}
        </div>
    }
}

/// Tells the form that the field was changed, as typing would.
fn announce(field: &web_sys::HtmlInputElement) {
    // The old way of making an event, which every browser on an old phone knows.
    if let Ok(event) = document().create_event("Event") {
        event.init_event_with_bubbles("input", true);
        // A form that does not listen loses nothing.
        let _ = field.dispatch_event(&event);
    }
}

#[cfg(test)]
mod tests {
    use super::stepped;

    #[test]
    fn a_step_stays_within_what_may_be_entered() {
        assert_eq!(stepped("3", 1, 0, 10), 4);
        assert_eq!(stepped("", 1, 0, 10), 1);
        assert_eq!(stepped("0", -1, 0, 10), 0);
        assert_eq!(stepped("10", 1, 0, 10), 10);
        assert_eq!(stepped("drei", -1, 1, 10), 1);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_field_is_there_before_any_script() {
        use super::*;
        let html = Owner::new().with(|| {
            view! {
                <Stepper name="value.banner".to_owned() label="横幅".to_owned() unit_word="条".to_owned()
                    value="3".to_owned() less="少一条".to_owned() more="多一条".to_owned()/>
            }
            .to_html()
        });
        assert!(html.contains("<leptos-island"), "{html}");
        for part in ["for=\"f-value-banner\"", "name=\"value.banner\"", "value=\"3\"", "type=\"number\"", " hidden", "条"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
