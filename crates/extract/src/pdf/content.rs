//! Content streams run (ISO 32000-1, 8 and 9): glyphs, rulings and images in points from the page's top left.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_font::kurbo::{Affine, Point, Rect, Shape, Vec2};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::Resources;

use super::bounds;
use super::declared_widths;
use super::fonts::{Code, Font, Fonts, UNKNOWN};
use super::layers::Layers;
use super::paths::Path;
use crate::page::{Glyph, Image, Ruling};

/// Forms within forms: real files have three or four.
const DEEPEST: usize = 20;

/// Descent and height of the em box: 0.12 below the baseline is what Chinese fonts have.
const DESCENT: f64 = -0.12;

/// Of full ink, light or cover: as good as none, and as good as all.
const NEARLY_NONE: f32 = 0.01;
const NEARLY_ALL: f32 = 0.99;

/// Points: smaller type is drawn for other reasons than to be read.
const SMALLEST: f64 = 0.05;

/// What a page draws.
#[derive(Debug, Default)]
pub struct Drawn {
    pub glyphs: Vec<Glyph>,
    pub rulings: Vec<Ruling>,
    pub images: Vec<Image>,
    /// Curved shapes: logos, emblems, or text turned into outlines.
    pub n_outlines: usize,
}

/// The work that a document may still ask for. A gazette page has 1,000 to 20,000 operators and glyphs; a form that draws
/// a form that draws a form asks for billions.
#[derive(Debug)]
pub struct Work {
    n_operators: u64,
    n_bytes: u64,
}

impl Work {
    pub fn for_pages(n_pages: usize) -> Self {
        let n_pages = n_pages as u64;
        Self {
            n_operators: 10_000_000 + 20_000 * n_pages,
            n_bytes: (1 << 30) + (2 << 20) * n_pages,
        }
    }

    pub fn is_done(&self) -> bool {
        self.n_operators == 0 || self.n_bytes == 0
    }
}

/// The content streams of a page, unpacked, and whether all of them could be. hayro would keep them as long as the page.
pub fn of_page(page: &Dict, work: &mut Work) -> (Vec<u8>, bool) {
    if !page.contains_key(b"Contents") {
        return (Vec::new(), true);
    }
    if !bounds::page(page) {
        return (Vec::new(), false);
    }
    let parts = match page.get::<Object>(b"Contents") {
        Some(Object::Stream(stream)) => vec![Some(stream)],
        Some(Object::Array(parts)) => parts.iter::<Object>().map(Object::into_stream).collect(),
        _ => return (Vec::new(), false),
    };
    let (mut content, mut is_whole) = (Vec::new(), true);
    for part in parts {
        match part.and_then(|stream| stream.decoded_data().ok().map(|data| data.into_owned())) {
            Some(data) => {
                content.extend(data);
                content.push(b' ');
            }
            None => is_whole = false,
        }
    }
    work.n_bytes = work.n_bytes.saturating_sub(content.len() as u64);
    (content, is_whole)
}

/// Runs a page's content and the appearances of its annotations.
pub fn draw<'a>(
    page: &hayro_syntax::page::Page<'a>,
    content: &[u8],
    layers: &Layers,
    fonts: &mut Fonts<'a>,
    work: &mut Work,
) -> Drawn {
    let (width, height) = page.render_dimensions();
    let start = State {
        ctm: Affine::new(page.initial_transform(true).as_coeffs()),
        ..State::default()
    };
    let mut canvas = Canvas {
        layers,
        fonts,
        work,
        bounds: Rect::new(0.0, 0.0, width.into(), height.into()),
        state: start.clone(),
        saved: Vec::new(),
        path: Path::default(),
        at: Point::ZERO,
        hidden_from: None,
        replaced_from: None,
        marked: 0,
        depth: 0,
        drawn: Drawn::default(),
    };
    canvas.run(TypedIter::new(content), page.resources());
    for annotation in page
        .raw()
        .get::<Array>(b"Annots")
        .iter()
        .flat_map(|a| a.iter::<Dict>())
    {
        canvas.state = start.clone();
        canvas.annotation(&annotation, page.resources());
    }
    canvas.drawn.glyphs = once(canvas.drawn.glyphs);
    declared_widths::correct(&mut canvas.drawn.glyphs);
    canvas.drawn
}

/// Each glyph once: a face made bold by painting it again a hair aside is one glyph, and so is the visible one over its
/// hidden double.
fn once(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    const CELL: f32 = 8.0;
    /// Of the em: bold is painted 0.02 to 0.05 aside, a shadow 0.1; no two letters of a word are that near.
    const NEAR: f32 = 0.15;
    const MOST_IN_CELL: usize = 64;
    let mut kept: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    let mut cells: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
    for glyph in glyphs {
        let cell = (
            (glyph.bbox[0] / CELL).floor() as i32,
            (glyph.bbox[1] / CELL).floor() as i32,
        );
        let near = |k: &Glyph| {
            (0..2).all(|i| (k.bbox[i] - glyph.bbox[i]).abs() < NEAR * glyph.size)
                && (k.size - glyph.size).abs() < NEAR * glyph.size
        };
        let around = (-1..=1).flat_map(|dx| {
            (-1..=1).map(move |dy| (cell.0.saturating_add(dx), cell.1.saturating_add(dy)))
        });
        let double = around
            .filter_map(|c| cells.get(&c))
            .flat_map(|c| c.iter().rev().take(MOST_IN_CELL))
            .find(|&&i| {
                kept[i].text == glyph.text && near(&kept[i]) && !glyph.text.contains(UNKNOWN)
            });
        match double {
            Some(&i) => kept[i].hidden &= glyph.hidden,
            None => {
                cells.entry(cell).or_default().push(kept.len());
                kept.push(glyph);
            }
        }
    }
    kept
}

/// The graphics state, as far as it matters to what is read.
#[derive(Clone)]
struct State<'a> {
    ctm: Affine,
    line_width: f64,
    fill: Paint,
    stroke: Paint,
    is_blended: bool,
    font: Option<Rc<Font<'a>>>,
    font_size: f64,
    char_space: f64,
    word_space: f64,
    /// 1 is 100 %.
    scaling: f64,
    leading: f64,
    rise: f64,
    render_mode: i64,
    text: Affine,
    line: Affine,
}

impl Default for State<'_> {
    fn default() -> Self {
        Self {
            ctm: Affine::IDENTITY,
            line_width: 1.0,
            fill: Paint::default(),
            stroke: Paint::default(),
            is_blended: false,
            font: None,
            font_size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scaling: 1.0,
            leading: 0.0,
            rise: 0.0,
            render_mode: 0,
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
        }
    }
}

/// A colour, as far as it can be seen on paper.
#[derive(Debug, Clone, Copy)]
struct Paint {
    /// More of each component makes it darker: CMYK and spot colours.
    is_ink: bool,
    is_white: bool,
    alpha: f32,
}

impl Default for Paint {
    fn default() -> Self {
        Self {
            is_ink: false,
            is_white: false,
            alpha: 1.0,
        }
    }
}

impl Paint {
    fn set(&mut self, components: &[Number]) {
        let is_ink = self.is_ink || components.len() == 4;
        self.is_white = !components.is_empty()
            && components.iter().all(|c| {
                if is_ink {
                    c.as_f32() < NEARLY_NONE
                } else {
                    c.as_f32() > NEARLY_ALL
                }
            });
    }

    fn set_device(&mut self, components: &[Number]) {
        self.is_ink = components.len() == 4;
        self.set(components);
    }

    fn set_space(&mut self, name: &Name, resources: &Resources) {
        let family = resources
            .color_spaces
            .get::<Array>(name.as_ref())
            .and_then(|a| a.iter::<Name>().next().map(|n| n.to_vec()));
        let family = family.as_deref().unwrap_or(name.as_ref());
        self.is_ink = matches!(family, b"DeviceCMYK" | b"Separation" | b"DeviceN");
        self.is_white = false;
    }

    fn is_seen(&self) -> bool {
        !self.is_white && self.alpha > NEARLY_NONE
    }
}

struct Canvas<'a, 'c> {
    layers: &'c Layers,
    fonts: &'c mut Fonts<'a>,
    work: &'c mut Work,
    bounds: Rect,
    state: State<'a>,
    saved: Vec<State<'a>>,
    path: Path,
    /// The current point in user space.
    at: Point,
    /// The marked content at which a layer that is off begins.
    hidden_from: Option<usize>,
    /// The marked content at which text begins that OCR has read anew.
    replaced_from: Option<usize>,
    marked: usize,
    depth: usize,
    drawn: Drawn,
}

/// The fonts of one resource dictionary, by name.
type Named<'a> = HashMap<Vec<u8>, Option<Rc<Font<'a>>>>;

impl<'a> Canvas<'a, '_> {
    fn run(&mut self, mut operators: TypedIter<'_>, resources: &Resources<'a>) {
        let (n_saved, marked) = (self.saved.len(), self.marked);
        let mut named = Named::new();
        while let Some(op) = operators.next() {
            if self.work.is_done() {
                break;
            }
            self.work.n_operators -= 1;
            self.operator(op, resources, &mut named, n_saved);
        }
        self.path.clear();
        self.saved.truncate(n_saved);
        self.marked = marked;
        self.hidden_from = self.hidden_from.filter(|&from| from < marked);
        self.replaced_from = self.replaced_from.filter(|&from| from < marked);
    }

    /// Runs an operator: those of state, forms and marked content here, colours, paths and text each in their own.
    fn operator(
        &mut self,
        op: Op<'_, '_>,
        resources: &Resources<'a>,
        named: &mut Named<'a>,
        n_saved: usize,
    ) {
        match op {
            // A file that saves without end runs out of its operators before this runs out of memory.
            Op::SaveState(_) => self.saved.push(self.state.clone()),
            Op::RestoreState(_) if self.saved.len() > n_saved => {
                self.state = self.saved.pop().unwrap_or_default();
            }
            Op::Transform(t) => self.state.ctm *= matrix([t.0, t.1, t.2, t.3, t.4, t.5]),
            Op::LineWidth(w) => self.state.line_width = w.0.as_f64(),
            Op::SetGraphicsState(name) => self.graphics_state(name.0, resources),

            Op::XObject(name) => self.x_object(name.0, resources),
            Op::InlineImage(image) => self.image(image.0),

            Op::BeginMarkedContent(_) => self.marked += 1,
            Op::BeginMarkedContentWithProperties(c) => self.begin_marked(c.0, c.1, resources),
            Op::EndMarkedContent(_) => {
                self.marked = self.marked.saturating_sub(1);
                self.hidden_from = self.hidden_from.filter(|&from| from < self.marked);
                self.replaced_from = self.replaced_from.filter(|&from| from < self.marked);
            }

            op => self.colour_operator(op, resources, named),
        }
    }

    fn colour_operator(
        &mut self,
        op: Op<'_, '_>,
        resources: &Resources<'a>,
        named: &mut Named<'a>,
    ) {
        match op {
            Op::NonStrokeColorDeviceGray(c) => self.state.fill.set_device(&[c.0]),
            Op::NonStrokeColorDeviceRgb(c) => self.state.fill.set_device(&[c.0, c.1, c.2]),
            Op::NonStrokeColorCmyk(c) => self.state.fill.set_device(&[c.0, c.1, c.2, c.3]),
            Op::ColorSpaceNonStroke(name) => self.state.fill.set_space(name.0, resources),
            Op::NonStrokeColor(c) => self.state.fill.set(&c.0),
            Op::NonStrokeColorNamed(c) => self.state.fill.set(&c.0),
            Op::StrokeColorDeviceGray(c) => self.state.stroke.set_device(&[c.0]),
            Op::StrokeColorDeviceRgb(c) => self.state.stroke.set_device(&[c.0, c.1, c.2]),
            Op::StrokeColorCmyk(c) => self.state.stroke.set_device(&[c.0, c.1, c.2, c.3]),
            Op::ColorSpaceStroke(name) => self.state.stroke.set_space(name.0, resources),
            Op::StrokeColor(c) => self.state.stroke.set(&c.0),
            Op::StrokeColorNamed(c) => self.state.stroke.set(&c.0),
            op => self.path_operator(op, resources, named),
        }
    }

    fn path_operator(&mut self, op: Op<'_, '_>, resources: &Resources<'a>, named: &mut Named<'a>) {
        match op {
            Op::MoveTo(p) => {
                self.at = Point::new(p.0.as_f64(), p.1.as_f64());
                self.path.move_to(self.state.ctm * self.at);
            }
            Op::LineTo(p) => self.line_to(p.0, p.1),
            Op::CubicTo(p) => self.curve_to(p.4, p.5),
            Op::CubicStartTo(p) => self.curve_to(p.2, p.3),
            Op::CubicEndTo(p) => self.curve_to(p.2, p.3),
            Op::ClosePath(_) => self.path.close(),
            Op::RectPath(r) => self.rect(r.0, r.1, r.2, r.3),
            Op::StrokePath(_) => self.paint(false, true),
            Op::CloseAndStrokePath(_) => {
                self.path.close();
                self.paint(false, true);
            }
            Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_) => self.paint(true, false),
            Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => self.paint(true, true),
            Op::CloseFillAndStrokeNonZero(_) | Op::CloseFillAndStrokeEvenOdd(_) => {
                self.path.close();
                self.paint(true, true);
            }
            Op::EndPath(_) => self.path.clear(),
            op => self.text_operator(op, resources, named),
        }
    }

    fn text_operator(&mut self, op: Op<'_, '_>, resources: &Resources<'a>, named: &mut Named<'a>) {
        match op {
            Op::BeginText(_) => self.set_line(Affine::IDENTITY),
            Op::SetTextMatrix(t) => self.set_line(matrix([t.0, t.1, t.2, t.3, t.4, t.5])),
            Op::NextLine(t) => self.next_line(t.0.as_f64(), t.1.as_f64()),
            Op::NextLineAndSetLeading(t) => {
                self.state.leading = -t.1.as_f64();
                self.next_line(t.0.as_f64(), t.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::CharacterSpacing(v) => self.state.char_space = v.0.as_f64(),
            Op::WordSpacing(v) => self.state.word_space = v.0.as_f64(),
            Op::HorizontalScaling(v) => self.state.scaling = v.0.as_f64() / 100.0,
            Op::TextLeading(v) => self.state.leading = v.0.as_f64(),
            Op::TextRise(v) => self.state.rise = v.0.as_f64(),
            Op::TextRenderingMode(v) => self.state.render_mode = v.0.as_i64(),
            Op::TextFont(t) => {
                self.state.font_size = t.1.as_f64();
                self.state.font = self.font(t.0, resources, named);
            }
            Op::ShowText(s) => self.show(s.0.as_bytes()),
            Op::ShowTexts(s) => {
                for item in s.0.iter::<Object>() {
                    match item {
                        Object::Number(n) => self.adjust(n.as_f64()),
                        Object::String(s) => self.show(s.as_bytes()),
                        _ => {}
                    }
                }
            }
            Op::NextLineAndShowText(s) => {
                self.next_line(0.0, -self.state.leading);
                self.show(s.0.as_bytes());
            }
            Op::ShowTextWithParameters(s) => {
                (self.state.word_space, self.state.char_space) = (s.0.as_f64(), s.1.as_f64());
                self.next_line(0.0, -self.state.leading);
                self.show(s.2.as_bytes());
            }
            _ => {}
        }
    }

    fn font(
        &mut self,
        name: &Name,
        resources: &Resources<'a>,
        named: &mut Named<'a>,
    ) -> Option<Rc<Font<'a>>> {
        if let Some(font) = named.get(name.as_ref()) {
            return font.clone();
        }
        let font = resources
            .get_font(name)
            .and_then(|dict| self.fonts.get(&dict));
        named.insert(name.to_vec(), font.clone());
        font
    }

    fn graphics_state(&mut self, name: &Name, resources: &Resources<'a>) {
        let Some(dict) = resources.get_ext_g_state(name) else {
            return;
        };
        let state = &mut self.state;
        state.line_width = dict.get::<f64>(b"LW").unwrap_or(state.line_width);
        state.fill.alpha = dict.get::<f32>(b"ca").unwrap_or(state.fill.alpha);
        state.stroke.alpha = dict.get::<f32>(b"CA").unwrap_or(state.stroke.alpha);
        if let Some(mode) = dict.get::<Name>(b"BM") {
            state.is_blended = !matches!(mode.as_ref(), b"Normal" | b"Compatible");
        }
        if dict.contains_key(b"SMask") {
            state.is_blended |= dict.get::<Dict>(b"SMask").is_some();
        }
        if let Some(array) = dict.get::<Array>(b"Font")
            && let Some(font) = array.iter::<Dict>().next()
        {
            state.font = self.fonts.get(&font);
            state.font_size = array
                .iter::<Object>()
                .nth(1)
                .and_then(|o| o.into_number())
                .map_or(state.font_size, |n| n.as_f64());
        }
    }

    fn line_to(&mut self, x: Number, y: Number) {
        self.at = Point::new(x.as_f64(), y.as_f64());
        self.path.line_to(self.state.ctm * self.at);
    }

    fn curve_to(&mut self, x: Number, y: Number) {
        self.at = Point::new(x.as_f64(), y.as_f64());
        self.path.curve_to(self.state.ctm * self.at);
    }

    fn rect(&mut self, x: Number, y: Number, w: Number, h: Number) {
        let (x, y, w, h) = (x.as_f64(), y.as_f64(), w.as_f64(), h.as_f64());
        let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)];
        self.path
            .rect(corners.map(|c| self.state.ctm * Point::from(c)));
    }

    fn paint(&mut self, fill: bool, stroke: bool) {
        if self.hidden_from.is_none() {
            self.drawn.n_outlines += self.path.n_curved();
            let seen = |r: &Ruling| overlaps(self.bounds, [r.x0, r.y0, r.x1, r.y1]);
            if stroke && self.state.stroke.is_seen() {
                let thickness =
                    self.state.line_width.abs() * self.state.ctm.determinant().abs().sqrt();
                self.drawn
                    .rulings
                    .extend(self.path.stroked(thickness).filter(seen));
            } else if fill && self.state.fill.is_seen() {
                self.drawn
                    .rulings
                    .extend(self.path.filled(self.bounds).into_iter().filter(seen));
            }
        }
        self.path.clear();
    }

    fn x_object(&mut self, name: &Name, resources: &Resources<'a>) {
        let Some(stream) = resources.get_x_object(name) else {
            return;
        };
        match stream.dict().get::<Name>(b"Subtype").as_deref() {
            Some(b"Image") => self.image(&stream),
            Some(b"Form") => self.form(&stream, resources),
            _ => {}
        }
    }

    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) {
        let dict = stream.dict();
        if self.depth >= DEEPEST
            || self.hidden_from.is_some()
            || self.layers.hide(dict, b"OC")
            || !bounds::stream_within(stream)
        {
            return;
        }
        let Ok(content) = stream.decoded_data() else {
            return;
        };
        self.work.n_bytes = self.work.n_bytes.saturating_sub(content.len() as u64);
        let outside = self.state.clone();
        self.state.ctm *= form_matrix(dict);
        self.depth += 1;
        let own = dict.get::<Dict>(b"Resources").map(Resources::new);
        self.run(TypedIter::new(&content), own.as_ref().unwrap_or(resources));
        self.depth -= 1;
        self.state = outside;
    }

    /// Draws an annotation, a seal or a stamp for one (12.5.5).
    fn annotation(&mut self, annotation: &Dict<'a>, resources: &Resources<'a>) {
        const HIDDEN_OR_NO_VIEW: u32 = 1 << 1 | 1 << 5;
        if annotation.get::<u32>(b"F").unwrap_or(0) & HIDDEN_OR_NO_VIEW != 0
            || self.layers.hide(annotation, b"OC")
        {
            return;
        }
        let (Some(form), Some(place)) = (
            appearance(annotation),
            annotation.get::<hayro_syntax::object::Rect>(b"Rect"),
        ) else {
            return;
        };
        let Some([x0, y0, x1, y1]) = form.dict().get::<[f64; 4]>(b"BBox") else {
            return;
        };
        let drawn =
            (form_matrix(form.dict()) * Rect::new(x0, y0, x1, y1).to_path(0.1)).bounding_box();
        if drawn.width() <= 0.0 || drawn.height() <= 0.0 {
            return;
        }
        let (sx, sy) = (
            (place.x1 - place.x0) / drawn.width(),
            (place.y1 - place.y0) / drawn.height(),
        );
        self.state.ctm *= Affine::new([
            sx,
            0.0,
            0.0,
            sy,
            place.x0 - sx * drawn.x0,
            place.y0 - sy * drawn.y0,
        ]);
        self.form(&form, resources);
    }

    /// Notes an image and what lies hidden under it. Its pixels are not decoded.
    fn image(&mut self, stream: &Stream) {
        let dict = stream.dict();
        if self.hidden_from.is_some() || self.layers.hide(dict, b"OC") {
            return;
        }
        let size = |long: &[u8], short: &[u8]| {
            dict.get::<u32>(long)
                .or_else(|| dict.get::<u32>(short))
                .unwrap_or(0)
        };
        let placed = self
            .state
            .ctm
            .transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0));
        let image = Image {
            bbox: bbox(placed),
            n_cols: size(b"Width", b"W"),
            n_rows: size(b"Height", b"H"),
        };
        if image.n_cols == 0 || image.n_rows == 0 || !overlaps(self.bounds, image.bbox) {
            return;
        }
        let is_mask = dict
            .get::<bool>(b"ImageMask")
            .or_else(|| dict.get::<bool>(b"IM"))
            .unwrap_or(false);
        let is_opaque = !is_mask
            && !dict.contains_key(b"SMask")
            && !dict.contains_key(b"Mask")
            && self.state.fill.alpha > NEARLY_ALL
            && !self.state.is_blended;
        if is_opaque {
            self.hide_under(placed);
        }
        self.drawn.images.push(image);
    }

    fn hide_under(&mut self, cover: Rect) {
        self.work.n_operators = self
            .work
            .n_operators
            .saturating_sub(self.drawn.glyphs.len() as u64 / 32);
        for glyph in &mut self.drawn.glyphs {
            let [x0, y0, x1, y1] = glyph.bbox.map(f64::from);
            glyph.hidden |= cover.contains(Point::new((x0 + x1) / 2.0, (y0 + y1) / 2.0));
        }
        let within = |x: f32, y: f32| cover.contains(Point::new(x.into(), y.into()));
        self.drawn
            .rulings
            .retain(|r| !(within(r.x0, r.y0) && within(r.x1, r.y1)));
    }

    fn begin_marked(&mut self, tag: &Name, properties: &Object, resources: &Resources<'a>) {
        if self.hidden_from.is_none()
            && tag.as_ref() == b"OC"
            && let Object::Name(name) = properties
            && self.layers.hide(&resources.properties, name.as_ref())
        {
            self.hidden_from = Some(self.marked);
        }
        // Searchable copies have it around text that was not trusted.
        if self.replaced_from.is_none()
            && let Object::Dict(properties) = properties
            && properties.contains_key(b"ReadByOCR")
        {
            self.replaced_from = Some(self.marked);
        }
        self.marked += 1;
    }

    fn set_line(&mut self, line: Affine) {
        (self.state.text, self.state.line) = (line, line);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.set_line(self.state.line * Affine::translate((x, y)));
    }

    fn adjust(&mut self, thousandths: f64) {
        let by = -thousandths / 1000.0 * self.state.font_size;
        let vertical = self.state.font.as_ref().is_some_and(|f| f.is_vertical());
        let by = if vertical {
            Vec2::new(0.0, by)
        } else {
            Vec2::new(by * self.state.scaling, 0.0)
        };
        self.state.text *= Affine::translate(by);
    }

    fn show(&mut self, bytes: &[u8]) {
        let font = self
            .state
            .font
            .clone()
            .unwrap_or_else(|| self.fonts.unknown());
        for code in font.codes(bytes) {
            self.work.n_operators = self.work.n_operators.saturating_sub(1);
            if self.hidden_from.is_none() && self.replaced_from.is_none() {
                self.glyph(&font, &code);
            }
            self.advance(&font, &code);
        }
    }

    fn glyph(&mut self, font: &Font, code: &Code) {
        let state = &self.state;
        let em = state.ctm
            * state.text
            * Affine::new([
                state.font_size * state.scaling,
                0.0,
                0.0,
                state.font_size,
                0.0,
                state.rise,
            ]);
        let [a, b, c, d, ..] = em.as_coeffs();
        let origin = code.char.displacement / 1000.0;
        let width = if font.is_vertical() {
            -2.0 * origin.x
        } else {
            code.char.advance.x / 1000.0
        };
        let placed = em.transform_rect_bbox(Rect::new(
            origin.x,
            origin.y + DESCENT,
            origin.x + width,
            origin.y + DESCENT + 1.0,
        ));
        let size = c.hypot(d);
        if !placed.is_finite() || !overlaps(self.bounds, bbox(placed)) || size < SMALLEST {
            return;
        }
        self.drawn.glyphs.push(Glyph {
            text: code.char.text.clone(),
            bbox: bbox(placed),
            size: size as f32,
            font: font.id,
            hidden: matches!(state.render_mode, 3 | 7) || state.fill.alpha < NEARLY_NONE,
            vertical: font.is_vertical(),
            turn: turn(a, b),
            slanted: is_slanted(a, b),
            recognised: None,
        });
    }

    fn advance(&mut self, font: &Font, code: &Code) {
        let state = &mut self.state;
        let space = state.char_space
            + if code.n_bytes == 1 && code.code == 32 {
                state.word_space
            } else {
                0.0
            };
        let by = if font.is_vertical() {
            Vec2::new(0.0, code.char.advance.y / 1000.0 * state.font_size + space)
        } else {
            Vec2::new(
                (code.char.advance.x / 1000.0 * state.font_size + space) * state.scaling,
                0.0,
            )
        };
        state.text *= Affine::translate(by);
    }
}

fn matrix(numbers: [Number; 6]) -> Affine {
    Affine::new(numbers.map(|n| n.as_f64()))
}

fn form_matrix(dict: &Dict) -> Affine {
    Affine::new(
        dict.get::<[f64; 6]>(b"Matrix")
            .unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
    )
}

/// The normal appearance of an annotation, in its present state.
fn appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict>(b"AP")?.get::<Object>(b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states.get::<Stream>(annotation.get::<Name>(b"AS")?.as_ref()),
        _ => None,
    }
}

fn bbox(r: Rect) -> [f32; 4] {
    [r.x0 as f32, r.y0 as f32, r.x1 as f32, r.y1 as f32]
}

fn overlaps(bounds: Rect, [x0, y0, x1, y1]: [f32; 4]) -> bool {
    [x0, y0, x1, y1].iter().all(|v| v.is_finite())
        && f64::from(x1) >= bounds.x0
        && f64::from(x0) <= bounds.x1
        && f64::from(y1) >= bounds.y0
        && f64::from(y0) <= bounds.y1
}

/// Whether a baseline runs along none of the page's edges; the hidden lines of a crooked scan lean by a few degrees.
fn is_slanted(a: f64, b: f64) -> bool {
    /// The tangent of ten degrees.
    const LEAN: f64 = 0.176;
    a.abs().min(b.abs()) > LEAN * a.abs().max(b.abs())
}

/// Quarter turns clockwise of a baseline that runs along (a, b), y downwards.
fn turn(a: f64, b: f64) -> u8 {
    match (a.abs() >= b.abs(), a >= 0.0, b >= 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    }
}
