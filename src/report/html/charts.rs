//! Charts as pictures in the page (SVG 1.1): seen without a script, told apart in a print in grey, each mark with its words.

use std::fmt::Write as _;
use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::escape::{html, plain};
use super::tables::percent;
use crate::report::table::{Chart, ChartKind};
use crate::text::display_width;

/// Width of a picture, in pixels; pages make it smaller.
const WIDTH: f64 = 660.0;
/// Room right of the bars, for their figures.
const RIGHT: f64 = 62.0;
/// Height of a bar with its gap.
const STEP: f64 = 22.0;
/// Width of a Latin character, half a Chinese one, with a little to spare.
const LATIN: f64 = 6.3;
/// Bars, dots and words of a legend at most: what is beyond is told.
const BARS: usize = 40;
const DOTS: usize = 2_000;
/// Characters of a label that can be read in full where one points at it.
const LABEL: usize = 120;

/// Colour and hatching of the series: each also of its own grey and grain.
const SERIES: [(&str, &str, Grain); 6] = [
    ("#1e5c7a", "#1e5c7a", Grain::Solid),
    ("#5f9ea8", "#dcebee", Grain::Rising),
    ("#b8860b", "#fdf3d3", Grain::Dots),
    ("#a32020", "#f3d2d2", Grain::Crossed),
    ("#777777", "#bbbbbb", Grain::Solid),
    ("#4b4b8f", "#e4e4f4", Grain::Upright),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grain {
    Solid,
    Rising,
    Dots,
    Crossed,
    Upright,
}

/// Writes the charts, each a figure with its title.
pub(super) fn write(charts: &[Chart], out: &mut dyn Write) -> io::Result<()> {
    for (number, chart) in charts.iter().enumerate() {
        let mut picture = Picture::new(number);
        picture.draw(&chart.kind);
        writeln!(
            out,
            "<figure class=\"chart\"><figcaption>{}</figcaption>\n{}</figure>",
            html(&plain(&chart.title, LABEL)),
            picture.finish(&chart.title)
        )?;
    }
    Ok(())
}

/// The axis of bars.
struct Axis {
    /// Where 0 is.
    left: f64,
    /// The value at its end, and from mark to mark.
    end: f64,
    step: f64,
    /// Pixels of 1.
    scale: f64,
    in_percent: bool,
}

/// A picture being drawn from the top.
struct Picture {
    number: usize,
    body: String,
    height: f64,
    /// Series whose hatching is used.
    grains: usize,
}

impl Picture {
    fn new(number: usize) -> Self {
        Self { number, body: String::new(), height: 0.0, grains: 1 }
    }

    fn finish(self, title: &str) -> String {
        let Self { number, body, height, grains } = self;
        let title = html(&plain(title, LABEL));
        let grains: String = (0..grains.min(SERIES.len())).map(|series| pattern(number, series)).collect();
        format!(
            "<svg role=\"img\" focusable=\"false\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height:.0}\" viewBox=\"0 0 {WIDTH} {height:.0}\"><title>{title}</title><defs>{grains}</defs>\n{body}</svg>\n"
        )
    }

    fn draw(&mut self, kind: &ChartKind) {
        match kind {
            ChartKind::Bars { labels, series, stacked, percent } => self.bars(labels, series, *stacked, *percent),
            ChartKind::Pareto { labels, counts, all } => self.pareto(labels, counts, *all),
            ChartKind::Points { across, up, points } => self.points(across, up, points),
        }
    }

    fn bars(&mut self, labels: &[String], series: &[(String, Vec<Decimal>)], stacked: bool, in_percent: bool) {
        self.grains = series.len();
        let mut top = 4.0;
        if series.len() > 1 {
            self.legend(series.iter().map(|(name, _)| name.as_str()), top);
            top += 24.0;
        }
        let value =
            |of: &[Decimal], at: usize| of.get(at).and_then(|value| value.to_f64()).unwrap_or_default().max(0.0);
        let shown = labels.len().min(BARS);
        let sum = |at: usize| series.iter().map(|(_, values)| value(values, at)).sum::<f64>();
        let single = |at: usize| series.iter().map(|(_, values)| value(values, at)).fold(0.0, f64::max);
        let largest = (0..shown).map(|at| if stacked { sum(at) } else { single(at) }).fold(0.0, f64::max);
        let (end, step) = if in_percent { (1.0_f64.max(largest), 0.25) } else { ticks(largest) };
        let lines = if stacked { 1 } else { series.len().max(1) };
        let row = if lines == 1 { STEP } else { 15.0 * to_f64(lines) + 8.0 };
        let left = room(labels.iter().take(shown));
        let scale = (WIDTH - left - RIGHT) / end;
        let bottom = top + row * to_f64(shown);
        self.grid(&Axis { left, end, step, scale, in_percent }, (top, bottom));
        for (at, label) in labels.iter().take(shown).enumerate() {
            let y = top + row * to_f64(at);
            self.label(label, left, y + row / 2.0);
            let mut x = left;
            for (number, (name, values)) in series.iter().enumerate() {
                let (amount, exact) = (value(values, at), values.get(at).copied().unwrap_or_default());
                let said = if in_percent { percent(Some(exact)) } else { exact.normalize().to_string() };
                let words =
                    if series.len() > 1 { format!("{label} {name}：{said}") } else { format!("{label}：{said}") };
                if stacked {
                    self.bar(number, (x, y + 3.0), (amount * scale, row - 6.0), &words);
                    x += amount * scale;
                } else {
                    let own = y + 4.0 + to_f64(number) * 15.0;
                    let height = if lines == 1 { row - 8.0 } else { 12.0 };
                    self.bar(number, (left, own), (amount * scale, height), &words);
                    self.text(&said, (left + amount * scale + 5.0, own + height / 2.0 + 4.0), "start", "v");
                }
            }
            if stacked {
                let all: Decimal = series.iter().filter_map(|(_, values)| values.get(at)).sum();
                self.text(&all.normalize().to_string(), (x + 5.0, y + row / 2.0 + 4.0), "start", "v");
            }
        }
        self.height = bottom + 24.0;
        self.rest(labels.len(), shown);
    }

    /// Bars from the highest on, and the line of what they sum up to.
    fn pareto(&mut self, labels: &[String], counts: &[usize], all: usize) {
        let shown = labels.len().min(counts.len()).min(BARS);
        let number = |count: usize| to_f64(count);
        let (end, step) = ticks(counts.iter().take(shown).copied().map(number).fold(0.0, f64::max));
        let left = room(labels.iter().take(shown));
        let (top, inner) = (28.0, WIDTH - left - RIGHT);
        let scale = inner / end;
        let bottom = top + STEP * to_f64(shown);
        self.grid(&Axis { left, end, step, scale, in_percent: false }, (top, bottom));
        let mut sum = 0;
        let mut way = String::new();
        let mut dots = String::new();
        for (at, (label, count)) in labels.iter().zip(counts).take(shown).enumerate() {
            sum += count;
            let share = Decimal::from(sum).checked_div(Decimal::from(all));
            let y = top + STEP * to_f64(at);
            self.label(label, left, y + STEP / 2.0);
            self.bar(0, (left, y + 4.0), (number(*count) * scale, STEP - 8.0), &format!("{label}：{count}"));
            self.text(
                &count.to_string(),
                (left + number(*count) * scale + 5.0, y + STEP / 2.0 + 4.0),
                "start",
                "v halo",
            );
            let x = left + inner * share.and_then(|share| share.to_f64()).unwrap_or_default().min(1.0);
            let middle = y + STEP / 2.0;
            // Writing to a String cannot fail.
            let _ = write!(way, "{}{x:.1},{middle:.1}", if at > 0 { " " } else { "" });
            let words = html(&plain(&format!("前 {} 项累计 {}", at + 1, percent(share)), LABEL));
            let _ = writeln!(
                dots,
                "<circle class=\"sum\" cx=\"{x:.1}\" cy=\"{middle:.1}\" r=\"3.5\"><title>{words}</title></circle>"
            );
        }
        let _ = writeln!(self.body, "<polyline class=\"sum\" points=\"{way}\"/>\n{dots}");
        self.text("条：次数（下轴）　折线：累计占比（上轴）", (left, 11.0), "start", "a");
        for part in 0..=4_u8 {
            let x = left + inner * f64::from(part) / 4.0;
            self.text(&format!("{}%", u32::from(part) * 25), (x, top - 4.0), "middle", "a");
        }
        self.height = bottom + 24.0;
        self.rest(labels.len(), shown);
    }

    /// Dots; money from small to large stands on a logarithmic scale, else nearly all of it is one heap.
    fn points(&mut self, across: &str, up: &str, points: &[(Decimal, Decimal, String)]) {
        let shown: Vec<(f64, f64, &(Decimal, Decimal, String))> = points
            .iter()
            .take(DOTS)
            .filter_map(|point| Some((point.0.to_f64()?.max(0.0), point.1.to_f64()?.max(0.0), point)))
            .collect();
        let (left, top, right, bottom) = (52.0, 24.0, WIDTH - 20.0, 330.0);
        let largest = shown.iter().map(|point| point.0).fold(0.0, f64::max);
        let least = shown.iter().map(|point| point.0).filter(|x| *x > 0.0).fold(f64::INFINITY, f64::min);
        let powers = (largest / least >= 100.0).then(|| (least.log10().floor(), largest.log10().ceil()));
        let (end, step) = ticks(largest);
        let x_of = |x: f64| match powers {
            Some((from, to)) => {
                left + (right - left) * ((x.max(10_f64.powf(from))).log10() - from) / (to - from).max(1.0)
            }
            None => left + (right - left) * x / end,
        };
        // Scores are nearly all high: dots, unlike bars, may stand on a cut axis, whose marks tell it.
        let lowest = shown.iter().map(|point| point.1).fold(80.0, f64::min);
        let from_up = (lowest / 20.0).floor() * 20.0;
        let (above, step_up) = ticks(shown.iter().map(|point| point.1).fold(100.0, f64::max) - from_up);
        let y_of = |y: f64| bottom - (bottom - top) * (y - from_up) / above;
        let marks: Vec<f64> = match powers {
            Some((from, to)) => {
                let count = (to - from).max(1.0).to_usize().unwrap_or(1).min(16);
                (0..=count).map(|power| 10_f64.powf(from + to_f64(power))).collect()
            }
            None => steps(end, step),
        };
        for mark in marks {
            let x = x_of(mark);
            self.line((x, top), (x, bottom));
            self.text(&tick(mark), (x, bottom + 15.0), "middle", "a");
        }
        for mark in steps(above, step_up).into_iter().map(|mark| mark + from_up) {
            let y = y_of(mark);
            self.line((left, y), (right, y));
            self.text(&tick(mark), (left - 6.0, y + 4.0), "end", "a");
        }
        for (x, y, (amount, score, name)) in &shown {
            let words = format!("{name}：{across} {}，{up} {}", amount.normalize(), score.normalize());
            // Writing to a String cannot fail.
            let _ = writeln!(
                self.body,
                "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"><title>{}</title></circle>",
                x_of(*x),
                y_of(*y),
                html(&plain(&words, LABEL))
            );
        }
        let scale = if powers.is_some() { "，对数刻度" } else { "" };
        self.text(&format!("横轴：{across}{scale}　纵轴：{up}"), (left, 13.0), "start", "a");
        self.height = bottom + 24.0;
        self.rest(points.len(), shown.len());
    }

    /// Upright lines with their figures under them.
    fn grid(&mut self, axis: &Axis, (top, bottom): (f64, f64)) {
        for mark in steps(axis.end, axis.step) {
            let x = axis.left + mark * axis.scale;
            self.line((x, top), (x, bottom));
            let said = if axis.in_percent { format!("{:.0}%", mark * 100.0) } else { tick(mark) };
            self.text(&said, (x, bottom + 15.0), "middle", "a");
        }
    }

    fn legend<'n>(&mut self, names: impl Iterator<Item = &'n str>, top: f64) {
        let mut x = 8.0;
        for (number, name) in names.enumerate() {
            let name = cut_to(name, 24);
            self.bar(number, (x, top), (14.0, 12.0), &name);
            self.text(&name, (x + 19.0, top + 10.0), "start", "l");
            x += 36.0 + f64::from(display_width(&name)) * LATIN;
        }
    }

    /// The label at the left of a bar; one that had to be cut is told in full where one points at it.
    fn label(&mut self, label: &str, left: f64, middle: f64) {
        let room = ((left - 10.0) / LATIN).to_usize().unwrap_or(0);
        let (x, y) = (left - 6.0, middle + 4.0);
        // Writing to a String cannot fail.
        let _ = writeln!(
            self.body,
            "<text class=\"l\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{}<title>{}</title></text>",
            html(&cut_to(label, room)),
            html(&plain(label, LABEL))
        );
    }

    fn bar(&mut self, series: usize, (x, y): (f64, f64), (width, height): (f64, f64), words: &str) {
        let (number, series) = (self.number, series % SERIES.len());
        let edge = SERIES.get(series).map_or("#000", |(edge, _, _)| edge);
        // Writing to a String cannot fail.
        let _ = writeln!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"url(#c{number}g{series})\" stroke=\"{edge}\"><title>{}</title></rect>",
            html(&plain(words, LABEL))
        );
    }

    fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.body, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>");
    }

    fn text(&mut self, text: &str, (x, y): (f64, f64), anchor: &str, class: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
            html(&plain(text, LABEL))
        );
    }

    fn rest(&mut self, all: usize, shown: usize) {
        if all > shown {
            self.text(&format!("另有 {} 项没有画出", all - shown), (8.0, self.height + 8.0), "start", "a");
            self.height += 18.0;
        }
    }
}

/// The hatching of a series in a chart.
fn pattern(number: usize, series: usize) -> String {
    let Some((dark, light, grain)) = SERIES.get(series) else { return String::new() };
    let lines = match grain {
        Grain::Solid => String::new(),
        Grain::Rising => format!("<path d=\"M-1,7L7,-1M-1,1L1,-1M5,7L7,5\" stroke=\"{dark}\" stroke-width=\"1.6\"/>"),
        Grain::Dots => format!("<circle cx=\"3\" cy=\"3\" r=\"1.3\" fill=\"{dark}\"/>"),
        Grain::Crossed => format!("<path d=\"M0,0L6,6M6,0L0,6\" stroke=\"{dark}\" stroke-width=\"1.2\"/>"),
        Grain::Upright => format!("<path d=\"M2,0V6M5,0V6\" stroke=\"{dark}\" stroke-width=\"1\"/>"),
    };
    format!(
        "<pattern id=\"c{number}g{series}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"{light}\"/>{lines}</pattern>"
    )
}

/// Room for the labels at the left.
fn room<'l>(labels: impl Iterator<Item = &'l String>) -> f64 {
    let longest = labels.map(|label| display_width(&plain(label, LABEL))).max().unwrap_or(0);
    (f64::from(longest) * LATIN + 14.0).clamp(60.0, 290.0)
}

/// The label as far as it takes so many Latin characters.
fn cut_to(label: &str, room: usize) -> String {
    let label = plain(label, LABEL).replace('\n', " ");
    let width = |text: &str| display_width(text).to_usize().unwrap_or(usize::MAX);
    if width(&label) <= room {
        return label;
    }
    let mut left = room.saturating_sub(2);
    let fits = |c: &char| {
        let wide = if c.is_ascii() { 1 } else { 2 };
        let fits = wide <= left;
        left = left.saturating_sub(wide);
        fits
    };
    label.chars().take_while(fits).chain(std::iter::once('…')).collect()
}

/// The end of an axis and the distance of its marks: 1, 2 or 5 times a power of ten.
fn ticks(largest: f64) -> (f64, f64) {
    if !largest.is_finite() || largest <= 0.0 {
        return (1.0, 1.0);
    }
    let raw = largest / 5.0;
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0].into_iter().map(|part| part * power).find(|step| *step >= raw).unwrap_or(power * 10.0);
    // Counts have no marks between them.
    let step = if largest >= 1.0 { step.max(1.0) } else { step };
    ((largest / step).ceil() * step, step)
}

/// The marks from 0 to the end.
fn steps(end: f64, step: f64) -> Vec<f64> {
    let count = (end / step).round().to_usize().unwrap_or(0).min(20);
    (0..=count).map(|at| to_f64(at) * step).collect()
}

fn tick(mark: f64) -> String {
    if mark >= 10_000.0 { format!("{}万", mark / 10_000.0) } else { format!("{mark}") }
}

fn to_f64(count: usize) -> f64 {
    count.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_mark_at_or_beyond_the_largest_value() {
        for (largest, end, step) in
            [(0.0, 1.0, 1.0), (3.0, 3.0, 1.0), (47.0, 50.0, 10.0), (63_614.0, 80_000.0, 20_000.0)]
        {
            assert_eq!(ticks(largest), (end, step), "{largest}");
        }
    }

    #[test]
    fn what_units_wrote_stands_in_a_picture_as_words() {
        let kind = ChartKind::Bars {
            labels: vec!["<script>甲</script>\u{202e}".to_owned()],
            series: vec![("\"><b".to_owned(), vec![Decimal::ONE]), ("乙".to_owned(), vec![])],
            stacked: true,
            percent: false,
        };
        let mut out = Vec::new();
        write(&[Chart { title: "a&b".to_owned(), kind }], &mut out).expect("a picture");
        let svg = String::from_utf8(out).expect("UTF-8");
        assert!(svg.contains("&lt;script&gt;甲&lt;/script&gt;") && svg.contains("a&amp;b"), "{svg}");
        assert!(!svg.contains("<script") && !svg.contains("<b") && !svg.contains('\u{202e}'), "{svg}");
        let mut reader = quick_xml::Reader::from_str(&svg);
        while reader.read_event().expect("well-formed XML") != quick_xml::events::Event::Eof {}
    }
}
