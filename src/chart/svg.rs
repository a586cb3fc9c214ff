//! A drawing backend for plotters that writes SVG as pages need it: `viewBox`, a `<title>` and a link around each
//! mark, CSS classes instead of colours, and widths of text that know Chinese.

use super::{Layout, Touch, words::text_width};
use plotters::{
    coord::Shift,
    element::{Drawable, PointCollection},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};
use std::{convert::Infallible, fmt::Write};

/// The size of texts that the style sheet gives, in pixels; others say theirs.
const SIZE: i32 = 12;

/// What goes wrong while drawing: nothing but plotters' own layout.
pub type Failure = DrawingAreaErrorKind<Infallible>;
/// A canvas or a part of one, in pixels.
pub type Area<'a> = DrawingArea<Svg<'a>, Shift>;

/// What a shape or a text is: it stands for a colour in plotters and becomes a CSS class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Text,
    Quiet,
    Strong,
    /// The title of a group of rows.
    Head,
    Axis,
    Gridline,
    Nothing,
    /// The line through the years.
    Line,
    /// Where one plan ends and the next begins.
    Boundary,
}

impl Ink {
    const ALL: [Ink; 9] = [
        Ink::Text,
        Ink::Quiet,
        Ink::Strong,
        Ink::Head,
        Ink::Axis,
        Ink::Gridline,
        Ink::Nothing,
        Ink::Line,
        Ink::Boundary,
    ];

    /// The colour that plotters hands through to the backend.
    pub fn color(self) -> RGBColor {
        RGBColor(0, 0, self as u8)
    }

    fn class(color: BackendColor) -> &'static str {
        match Ink::ALL.get(usize::from(color.rgb.2)) {
            Some(Ink::Quiet) => "t quiet",
            Some(Ink::Strong) => "t strong",
            Some(Ink::Head) => "t strong head",
            Some(Ink::Axis) => "axis",
            Some(Ink::Gridline) => "gridline",
            Some(Ink::Nothing) => "nothing",
            Some(Ink::Line) => "line",
            Some(Ink::Boundary) => "boundary",
            Some(Ink::Text) | None => "t",
        }
    }
}

/// Draws a chart of this size; what it shows is said by `label`. A chart that cannot be laid out is left away: its
/// table says the same.
pub fn draw(
    kind: &str,
    layout: Layout,
    size: (u32, u32),
    label: &str,
    paint: impl FnOnce(&Area) -> Result<(), Failure>,
) -> String {
    let mut out = String::new();
    let (width, height) = size;
    open(&mut out, "svg");
    attribute(&mut out, "class", &format!("chart {} {kind}", layout.class()));
    attribute(&mut out, "viewBox", &format!("0 0 {width} {height}"));
    attribute(&mut out, "width", &width.to_string());
    attribute(&mut out, "height", &height.to_string());
    if layout == Layout::Stretched {
        attribute(&mut out, "preserveAspectRatio", "none");
    }
    attribute(&mut out, "role", "group");
    attribute(&mut out, "aria-label", label);
    out.push('>');
    {
        let area = Svg { out: &mut out, size }.into_drawing_area();
        if let Err(failure) = paint(&area) {
            tracing::error!(%failure, kind, "a chart was not drawn");
            return String::new();
        }
    }
    out.push_str("</svg>");
    out
}

/// A text's style: size in pixels, and where the given point lies in it.
pub fn text(ink: Ink, size: i32, h_pos: HPos, v_pos: VPos) -> TextStyle<'static> {
    let color = ink.color().to_backend_color();
    TextStyle { font: ("sans-serif", size).into_font(), color, pos: Pos { h_pos, v_pos } }
}

/// A bar, a cell or a tick: a rectangle with a class, a title, a link and perhaps a figure in it.
#[derive(Clone, Debug)]
pub struct Mark<C> {
    /// Two opposite corners.
    pub corners: [C; 2],
    pub class: String,
    pub touch: Touch,
    /// A figure in the middle, and its size in pixels.
    pub figure: Option<(String, i32)>,
    /// Diagonal lines over it: an estimate.
    pub hatched: bool,
    /// Whether who tabs passes it by, because the same link stands beside the chart.
    pub aside: bool,
}

impl<C> Mark<C> {
    pub fn new(corners: [C; 2], class: impl Into<String>, touch: Touch) -> Mark<C> {
        Mark { corners, class: class.into(), touch, figure: None, hatched: false, aside: false }
    }

    pub fn figure(mut self, figure: String, size: i32) -> Mark<C> {
        self.figure = Some((figure, size));
        self
    }

    pub fn hatched(mut self, hatched: bool) -> Mark<C> {
        self.hatched = hatched;
        self
    }

    pub fn aside(mut self) -> Mark<C> {
        self.aside = true;
        self
    }
}

impl<'a, C: 'a> PointCollection<'a, C> for &'a Mark<C> {
    type Point = &'a C;
    type IntoIter = &'a [C; 2];
    fn point_iter(self) -> &'a [C; 2] {
        &self.corners
    }
}

impl<C> Drawable<Svg<'_>> for Mark<C> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut points: I,
        svg: &mut Svg<'_>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let (Some(a), Some(b)) = (points.next(), points.next()) else { return Ok(()) };
        let (left, right) = (a.0.min(b.0), a.0.max(b.0));
        let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
        let end = begin(svg.out, &self.touch, self.aside);
        svg.rect((left, top), (right, bottom), &self.class);
        if self.hatched {
            svg.hatch((left, top), (right, bottom));
        }
        if let Some((figure, size)) = &self.figure {
            let middle = ((left + right) / 2, (top + bottom) / 2);
            svg.words(figure, middle, *size, "t in m");
        }
        svg.out.push_str(end);
        Ok(())
    }
}

/// Several rectangles, one upon the other, that are touched as one: a column and what it is made of. In pixels of the whole
/// drawing.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Corners, class, and whether there are diagonal lines over it.
    pub parts: Vec<([BackendCoord; 2], &'static str, bool)>,
    pub touch: Touch,
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Stack {
    type Point = &'a BackendCoord;
    type IntoIter = std::slice::Iter<'a, BackendCoord>;
    fn point_iter(self) -> Self::IntoIter {
        // Its parts know where they lie.
        const NOWHERE: &[BackendCoord] = &[];
        NOWHERE.iter()
    }
}

impl Drawable<Svg<'_>> for Stack {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        _: I,
        svg: &mut Svg<'_>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let end = begin(svg.out, &self.touch, false);
        for ([from, to], class, hatched) in &self.parts {
            svg.rect(*from, *to, class);
            if *hatched {
                svg.hatch(*from, *to);
            }
        }
        svg.out.push_str(end);
        Ok(())
    }
}

/// Opens a mark's link, or its group where it leads nowhere, and says its title; answers how it is closed.
fn begin(out: &mut String, touch: &Touch, aside: bool) -> &'static str {
    let end = match &touch.href {
        Some(href) => {
            open(out, "a");
            attribute(out, "href", href);
            if aside {
                attribute(out, "tabindex", "-1");
            }
            "</a>"
        }
        None => {
            open(out, "g");
            "</g>"
        }
    };
    out.push('>');
    element(out, "title", &touch.title);
    end
}

/// The backend.
#[derive(Debug)]
pub struct Svg<'a> {
    out: &'a mut String,
    size: (u32, u32),
}

impl Svg<'_> {
    fn rect(&mut self, from: BackendCoord, to: BackendCoord, class: &str) {
        open(self.out, "rect");
        attribute(self.out, "class", class);
        for (name, value) in [("x", from.0), ("y", from.1), ("width", to.0 - from.0), ("height", to.1 - from.1)] {
            attribute(self.out, name, &value.to_string());
        }
        self.out.push_str("/>");
    }

    /// Lines rising to the right at every fifth pixel, cut at the rectangle's sides.
    fn hatch(&mut self, (left, top): BackendCoord, (right, bottom): BackendCoord) {
        const STEP: usize = 5;
        let height = bottom - top;
        let mut path = String::new();
        for x in (left - height..right).step_by(STEP) {
            let (from, to) = (x.max(left), (x + height).min(right));
            if from < to {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{from} {}L{to} {}", bottom - (from - x), bottom - (to - x));
            }
        }
        self.path(&path, "hatch");
    }

    fn path(&mut self, path: &str, class: &str) {
        open(self.out, "path");
        attribute(self.out, "class", class);
        attribute(self.out, "d", path);
        self.out.push_str("/>");
    }

    /// A text of a size; how it lies about the point is said by classes, too: `m` in the middle, `e` at its end,
    /// `h` hanging from it, `b` standing on it.
    fn words(&mut self, text: &str, at: BackendCoord, size: i32, class: &str) {
        open(self.out, "text");
        attribute(self.out, "class", class);
        attribute(self.out, "x", &at.0.to_string());
        attribute(self.out, "y", &at.1.to_string());
        if size != SIZE {
            attribute(self.out, "font-size", &size.to_string());
        }
        self.out.push('>');
        escape(self.out, text);
        self.out.push_str("</text>");
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Result<(), DrawingErrorKind<Infallible>> {
        self.rect(at, (at.0 + 1, at.1 + 1), Ink::class(color));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        _: bool,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.rect(from, to, Ink::class(style.color()));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let mut path = String::new();
        for (x, y) in points {
            let _ = write!(path, "{}{x} {y}", if path.is_empty() { 'M' } else { 'L' });
        }
        self.path(&path, Ink::class(style.color()));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " m",
            HPos::Right => " e",
        };
        let baseline = match style.anchor().v_pos {
            VPos::Top => " h",
            VPos::Center => "",
            VPos::Bottom => " b",
        };
        debug_assert!(matches!(style.transform(), FontTransform::None), "no chart turns its texts");
        let class = format!("{}{anchor}{baseline}", Ink::class(style.color()));
        self.words(text, at, style.size().round() as i32, &class);
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((text_width(text, style.size()).ceil() as u32, style.size().ceil() as u32))
    }
}

fn open(out: &mut String, name: &str) {
    out.push('<');
    out.push_str(name);
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value);
    out.push('"');
}

fn element(out: &mut String, name: &str, text: &str) {
    open(out, name);
    out.push('>');
    escape(out, text);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_drawing() {
        let touch = Touch { title: "<b>&\"'".into(), href: Some("/activities?unit=1&year=2021".into()) };
        let drawn = draw("test", Layout::Wide, (100, 20), "a \"label\"", |area| {
            area.draw(&Mark::new([(0, 0), (50, 20)], "mark", touch).figure("<1>".into(), 12).hatched(true))
        });
        assert!(drawn.contains("<title>&lt;b&gt;&amp;&quot;&#39;</title>"), "{drawn}");
        assert!(drawn.contains("href=\"/activities?unit=1&amp;year=2021\""), "{drawn}");
        assert!(drawn.contains(">&lt;1&gt;</text>") && drawn.contains("aria-label=\"a &quot;label&quot;\""), "{drawn}");
    }
}
