//! Units × months, or units × themes: the figure in the cell, an empty cell an outlined gap. Grouped by need, never
//! ranked.

use super::{
    Chart, Layout, Touch,
    svg::{Area, Failure, Ink, Mark, draw, text},
    words::{fit_ends, lines, sized_name, text_width},
};
use plotters::{
    element::Text,
    style::text_anchor::{HPos, VPos},
};

/// The grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// What the chart shows, in words.
    pub label: String,
    /// Above each column: 1月.
    pub columns: Vec<String>,
    /// In the order in which they are to be read.
    pub groups: Vec<Group>,
}

/// Rows with something in common: 未覆盖（3个）; without a title where there is but one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

/// One unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub name: String,
    pub touch: Touch,
    /// One per column.
    pub cells: Vec<Cell>,
}

/// One unit in one month, or on one theme.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// The unit was not there then: nothing is drawn.
    #[default]
    Absent,
    /// The month is still to come.
    Ahead(Touch),
    /// Nothing was done.
    Gap(Touch),
    Figure(i64, Touch),
    /// A figure of a kind that does not suffice: on hatched ground.
    Hatched(i64, Touch),
    /// A part of a whole: 12 of 14; the fuller, the darker.
    Share(i64, i64, Touch),
}

impl Cell {
    fn value(&self) -> i64 {
        match self {
            Cell::Figure(value, _) | Cell::Hatched(value, _) => *value,
            _ => 0,
        }
    }
}

/// How large everything is, in the drawing's pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    /// The drawing's CSS class.
    kind: &'static str,
    layout: Layout,
    /// Columns of one drawing.
    at_once: usize,
    /// Room for the names of the rows. The style sheet hides them in the second half where it stands beside the first.
    names: i32,
    cell: i32,
    row: i32,
    /// The line of a group's title, and the least one above the columns.
    head: i32,
    /// Whether a name stands on one line, shortened where it is too long, or on two smaller ones.
    one_line: bool,
    /// The sizes of names, of figures, of what stands above the columns, and of the groups' titles.
    sizes: [i32; 4],
}

/// Half a year at a time, so that a finger finds a cell on a phone.
const PAGE: Frame = Frame {
    kind: "coverage",
    layout: Layout::Part,
    at_once: 6,
    names: 104,
    cell: 36,
    row: 28,
    head: 22,
    one_line: false,
    sizes: [13, 12, 11, 12],
};

/// As [`PAGE`], for columns with names of several characters.
const NAMED: Frame = Frame { kind: "matrix", at_once: 4, cell: 54, ..PAGE };

/// The height that a wall leaves for a grid, the rows between which it is drawn without being cut, and the room between
/// which their names take what they need.
const WALL_HEIGHT: i32 = 800;
const WALL_ROWS: (i32, i32) = (32, 44);
const WALL_NAMES: (i32, i32) = (120, 230);

/// Draws it in parts of half a year.
pub fn grid(grid: &Grid) -> Chart {
    Chart { drawings: sheets(grid, &PAGE) }
}

/// Draws it in parts of a few columns, with room for their names.
pub fn matrix(grid: &Grid) -> Chart {
    Chart { drawings: sheets(grid, &NAMED) }
}

/// Draws it whole, large enough to be read from 5 metres, and in parts for narrower screens.
pub fn wall(grid: &Grid) -> Chart {
    let heads = grid.groups.iter().filter(|group| !group.title.is_empty() && !group.rows.is_empty()).count();
    let rows = grid.groups.iter().map(|group| group.rows.len()).sum::<usize>().max(1);
    let (heads, rows) = (i32::try_from(heads).unwrap_or(0), i32::try_from(rows).unwrap_or(1));
    let row = ((WALL_HEIGHT - 36 * (heads + 1)) / rows).clamp(WALL_ROWS.0, WALL_ROWS.1);
    let size = row * 13 / 20;
    let widths = grid.groups.iter().flat_map(|group| &group.rows).map(|row| text_width(&row.name, f64::from(size)));
    let names = (widths.fold(0.0, f64::max).ceil() as i32 + 16).clamp(WALL_NAMES.0, WALL_NAMES.1);
    let whole = Frame {
        kind: "coverage",
        layout: Layout::Wall,
        at_once: grid.columns.len().max(1),
        names,
        cell: 52,
        row,
        head: 36,
        one_line: true,
        sizes: [size, size, 20, 22],
    };
    Chart { drawings: sheets(grid, &whole).into_iter().chain(sheets(grid, &PAGE)).collect() }
}

fn sheets(grid: &Grid, frame: &Frame) -> Vec<String> {
    let cells = || grid.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
    let top = cells().map(Cell::value).max().unwrap_or(0).max(1);
    let number = |count: usize| i32::try_from(count).unwrap_or(0);
    let columns: Vec<Vec<String>> = grid.columns.iter().map(|column| column_lines(column, frame)).collect();
    let deepest = columns.iter().map(Vec::len).max().unwrap_or(1);
    let above = frame.head.max(number(deepest) * (frame.sizes[2] + 2) + 6);
    let titled = |group: &&Group| !group.rows.is_empty();
    let rows: i32 = grid
        .groups
        .iter()
        .filter(titled)
        .map(|group| if group.title.is_empty() { 0 } else { frame.head } + number(group.rows.len()) * frame.row)
        .sum();
    let at_once = frame.at_once.min(grid.columns.len()).max(1);
    let width = frame.names + number(frame.at_once) * frame.cell;
    let size = (u32::try_from(width).unwrap_or(1), u32::try_from(above + rows + 12).unwrap_or(1));
    let parts = grid.columns.chunks(at_once).enumerate().map(|(part, own)| {
        let (first, last) = (own.first().map_or("", String::as_str), own.last().map_or("", String::as_str));
        draw(frame.kind, frame.layout, size, &format!("{} {first}–{last}", grid.label), |area| {
            let from = part * at_once;
            paint(area, grid, frame, &Span { top, above, from, to: from + own.len(), columns: &columns })
        })
    });
    parts.collect()
}

fn column_lines(column: &str, frame: &Frame) -> Vec<String> {
    lines(column, f64::from(frame.sizes[2]), f64::from(frame.cell) - 2.0, 3)
}

/// The columns that one part shows, what stands above them, and the highest figure of all.
struct Span<'a> {
    top: i64,
    above: i32,
    from: usize,
    to: usize,
    columns: &'a [Vec<String>],
}

fn paint(area: &Area, grid: &Grid, frame: &Frame, span: &Span) -> Result<(), Failure> {
    let left = |n: usize| frame.names + i32::try_from(n).unwrap_or(0) * frame.cell;
    for (n, lines) in span.columns[span.from..span.to].iter().enumerate() {
        let (size, count) = (frame.sizes[2], i32::try_from(lines.len()).unwrap_or(1));
        for (line, at) in lines.iter().zip(0..) {
            let style = text(Ink::Quiet, size, HPos::Center, VPos::Center);
            let y = span.above / 2 + (2 * at + 1 - count) * (size + 2) / 2;
            area.draw(&Text::new(line.clone(), (left(n) + frame.cell / 2, y), style))?;
        }
    }
    let mut y = span.above;
    for group in grid.groups.iter().filter(|group| !group.rows.is_empty()) {
        if !group.title.is_empty() {
            let style = text(Ink::Head, frame.sizes[3], HPos::Left, VPos::Center);
            area.draw(&Text::new(group.title.clone(), (0, y + frame.head / 2), style))?;
            y += frame.head;
        }
        for row in &group.rows {
            let corners = [(0, y), (frame.names - 4, y + frame.row - 2)];
            // Named again in the next part: the link is found once.
            let mark = Mark::new(corners, "nothing", row.touch.clone());
            area.draw(&if span.from == 0 { mark } else { mark.aside() })?;
            let (middle, room, size) = (y + frame.row / 2, f64::from(frame.names) - 8.0, frame.sizes[0]);
            match frame.one_line {
                true => sized_name(area, &fit_ends(&row.name, f64::from(size), room), middle, room, size)?,
                false => sized_name(area, &row.name, middle, room, size)?,
            }
            for (n, cell) in row.cells.iter().skip(span.from).take(span.to - span.from).enumerate() {
                let corners = [(left(n) + 1, y + 1), (left(n) + frame.cell - 1, y + frame.row - 1)];
                if let Some(mark) = filled(cell, corners, frame, span.top) {
                    area.draw(&mark)?;
                }
            }
            y += frame.row;
        }
    }
    Ok(())
}

fn filled(cell: &Cell, corners: [(i32, i32); 2], frame: &Frame, top: i64) -> Option<Mark<(i32, i32)>> {
    let figured = |value: i64, class: String, touch: &Touch| {
        let (figure, size) = (value.to_string(), frame.sizes[1]);
        let fits = text_width(&figure, f64::from(size)) <= f64::from(frame.cell) - 4.0;
        Mark::new(corners, class, touch.clone()).figure(figure, if fits { size } else { size * 3 / 4 })
    };
    // Four steps of lightness.
    let level = |value: i64, of: i64| ((value * 4 + of - 1) / of.max(1)).clamp(1, 4);
    Some(match cell {
        Cell::Absent => return None,
        Cell::Ahead(touch) => Mark::new(corners, "cell ahead", touch.clone()),
        Cell::Gap(touch) => Mark::new(corners, "cell gap", touch.clone()),
        Cell::Figure(value, touch) => figured(*value, format!("cell l{}", level(*value, top)), touch),
        Cell::Hatched(value, touch) => figured(*value, "cell passive".into(), touch).hatched(true),
        Cell::Share(part, whole, touch) => figured(*part, format!("cell l{}", level(*part, *whole)), touch),
    })
}
