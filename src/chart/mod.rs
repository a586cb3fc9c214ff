//! Numbers → SVG, drawn by plotters on the server. Pure: texts, figures and links come in, SVG goes out.
//!
//! No chart has colours of its own: shapes carry CSS classes, so that dark mode and print restyle them. Each chart fits a
//! phone of 320 px: one with texts along its width is drawn twice, and the style sheet shows the one that is laid out for
//! the width; a bar without texts is stretched; a grid comes in halves that stand side by side or below each other, and whole for a
//! wall. Marks are links in the order in which they are read; the table that stands below a chart has the same ones.

pub mod bullet;
pub mod grid;
pub mod months;
pub mod panels;
pub mod parts;
pub mod svg;
#[cfg(test)]
mod tests;
pub mod words;
pub mod years;

/// A chart: one drawing or several, in the order in which the page bears them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    pub drawings: Vec<String>,
}

/// For which width a chart is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Columns of 560 px and more.
    Wide,
    /// A phone: 320 px.
    Narrow,
    /// Any: the drawing is stretched to the width and keeps its height.
    Stretched,
    /// Any: a part of 320 px, beside the others or below them.
    Part,
    /// Any: one small picture among many of the same kind.
    Panel,
    /// A screen on a wall, from 1200 px.
    Wall,
}

impl Layout {
    /// The CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Layout::Wide => "wide",
            Layout::Narrow => "narrow",
            Layout::Stretched => "stretched",
            Layout::Part => "part",
            Layout::Panel => "panel",
            Layout::Wall => "on-wall",
        }
    }

    fn both(draw: impl Fn(Layout) -> String) -> Chart {
        Chart { drawings: vec![draw(Layout::Wide), draw(Layout::Narrow)] }
    }
}

/// Where one plan ends and the next begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boundary {
    /// The column before which it stands.
    pub before: usize,
    /// The plans on both sides: 八五普法, 九五普法.
    pub left: String,
    pub right: String,
}

/// What a mark says when touched, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// The mark's `<title>`: 6月 横幅 12条.
    pub title: String,
    /// The activities behind the mark, or where to plan what is missing.
    pub href: Option<String>,
}
