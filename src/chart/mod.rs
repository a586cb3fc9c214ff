//! Numbers → SVG, drawn by plotters on the server. Pure: texts, figures and links come in, SVG goes out.
//!
//! No chart has colours of its own: shapes carry CSS classes, so that dark mode and print restyle them. Each chart is
//! drawn twice, for a wide column and re-laid for a phone of 320 px; the style sheet shows one. A chart is an
//! illustration of the table that stands below it: whoever tabs or listens uses the table, with the same links.

pub mod bullet;
pub mod grid;
pub mod months;
pub mod parts;
pub mod svg;
#[cfg(test)]
mod tests;

/// A chart in both layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// For columns of 560 px and more.
    pub wide: String,
    /// For a phone: 320 px.
    pub narrow: String,
}

/// For which width a chart is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Wide,
    Narrow,
}

impl Layout {
    /// The CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Layout::Wide => "wide",
            Layout::Narrow => "narrow",
        }
    }

    fn both(draw: impl Fn(Layout) -> String) -> Chart {
        Chart { wide: draw(Layout::Wide), narrow: draw(Layout::Narrow) }
    }
}

/// What a mark says when touched, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// The mark's `<title>`: 6月 横幅 12条.
    pub title: String,
    /// The activities behind the mark, or where to plan what is missing.
    pub href: Option<String>,
}
