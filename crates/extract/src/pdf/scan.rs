//! A page as pixels: what a scanner saw, in its own resolution, or the page drawn anew where nothing was scanned.
//!
//! hayro draws the page into the pixel grid of the finest image that makes it up, so that a scan comes out pixel for
//! pixel, strips meet, and masks, layers and stamps lie over each other as in a viewer.

mod limits;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};
use hayro::vello_cpu::{
    Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit, color::palette::css::WHITE,
};
use hayro::{RenderCache, RenderSettings, render_into};
use hayro_font::kurbo::{Affine, BezPath, Point, Rect, Vec2};
use hayro_syntax::Pdf;
use hayro_syntax::object::Stream;
use hayro_syntax::page::Page;

use super::bounds;
use crate::error::PdfError;
use crate::raster::Gray;

/// Pixels per inch of a page that is drawn because no image covers it. Recognisers are trained on 300.
const DRAWN: f64 = 300.0;

/// Finer scans are taken at half or a third of their resolution: characters of 6 points have 30 pixels at 400.
const FINEST: f64 = 400.0;

/// The share of a page that its images cover when they are what is read.
const LEAST_COVER: f64 = 0.5;

/// Pixels of one image, and of one page: A3 at 600 dpi has 70 million.
const MOST_PIXELS: f64 = 100e6;

/// Pixels of all the images that a page draws, one over another.
const MOST_DRAWN: f64 = 400e6;

/// Pixels along one side, as far as the rasteriser counts.
const LONGEST: f64 = 32_000.0;

/// A page as pixels, /Rotate applied.
#[derive(Debug, Clone)]
pub struct Scan {
    pub gray: Gray,
    /// Red, green and blue of each pixel, where there is colour on the page.
    pub color: Option<Vec<[u8; 3]>>,
    /// Pixels per point across and down; both count from the page's top left.
    pub scale: [f64; 2],
    /// Where the top left of the page stands in pixels, less than one.
    pub origin: [f64; 2],
}

impl Scan {
    /// Pixels per inch.
    pub fn dpi(&self) -> f64 {
        72.0 * self.scale[1]
    }

    /// From pixels to points of the displayed page.
    pub fn to_points(&self) -> Affine {
        Affine::scale_non_uniform(1.0 / self.scale[0], 1.0 / self.scale[1])
            * Affine::translate((-self.origin[0], -self.origin[1]))
    }
}

/// Why a page can't be had as pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    #[error("there is no such page")]
    NoPage,
    #[error("its images, fonts or forms unpack to more than a page needs")]
    TooLarge,
    #[error("it can't be drawn: malformed or hostile")]
    Malformed,
}

/// Opens the PDF of [`Document::bytes`](super::Document::bytes) once more, for its pictures.
pub fn open(bytes: Arc<Vec<u8>>) -> Result<Pdf, PdfError> {
    catch_unwind(AssertUnwindSafe(|| Pdf::new(bytes)))
        .ok()
        .and_then(Result::ok)
        .ok_or(PdfError::Damaged)
}

/// Whether a page's images, each as often as it is drawn, are few enough pixels to draw.
pub fn are_drawable(images: &[crate::page::Image]) -> bool {
    images
        .iter()
        .map(|image| f64::from(image.n_cols) * f64::from(image.n_rows))
        .sum::<f64>()
        <= MOST_DRAWN
}

/// A page of a PDF as pixels; `number` is 1-based.
pub fn scan(pdf: &Pdf, number: u32) -> Result<Scan, ScanError> {
    let page = (number as usize)
        .checked_sub(1)
        .and_then(|i| pdf.pages().get(i))
        .ok_or(ScanError::NoPage)?;
    // hayro's rasteriser and its image decoders panic on some malformed files.
    catch_unwind(AssertUnwindSafe(|| of_page(page))).unwrap_or(Err(ScanError::Malformed))
}

fn of_page(page: &Page) -> Result<Scan, ScanError> {
    if !bounds::page(page.raw()) || !limits::reachable(page.raw()) {
        return Err(ScanError::TooLarge);
    }
    let placed = placed(page)?;
    let (width, height) = size(page);
    let (scale, origin) = grid(&placed, width, height);
    let n_cols = n_pixels(width * scale[0] + origin[0]);
    let n_rows = n_pixels(height * scale[1] + origin[1]);
    let to_pixels =
        Affine::translate((origin[0], origin[1])) * Affine::scale_non_uniform(scale[0], scale[1]);
    let pixmap = draw(page, n_cols as u16, n_rows as u16, to_pixels);
    let (gray, color) = gray_and_color(&pixmap);
    Ok(Scan {
        gray,
        color,
        scale,
        origin,
    })
}

/// Whole pixels along a side.
fn n_pixels(side: f64) -> f64 {
    /// Of a pixel: what is over by less is rounding.
    const OVER: f64 = 0.01;
    (side - OVER).ceil().clamp(1.0, LONGEST)
}

fn size(page: &Page) -> (f64, f64) {
    let (width, height) = page.render_dimensions();
    let sound = |side: f32| {
        if side.is_finite() {
            f64::from(side).clamp(1.0, 1e7)
        } else {
            1.0
        }
    };
    (sound(width), sound(height))
}

/// From the page's own space to points from its displayed top left.
fn initial_transform(page: &Page) -> Affine {
    Affine::new(page.initial_transform(true).as_coeffs())
}

/// An image and how it is laid on the page.
#[derive(Debug, Clone, Copy)]
struct Placed {
    /// From the image's pixels to points.
    to_points: Affine,
    n_cols: f64,
    n_rows: f64,
}

impl Placed {
    fn bbox(&self) -> Rect {
        self.to_points
            .transform_rect_bbox(Rect::new(0.0, 0.0, self.n_cols, self.n_rows))
    }

    /// Pixels per point, across the page and down.
    fn scale(&self) -> [f64; 2] {
        let [a, b, c, d, ..] = self.to_points.as_coeffs();
        if self.is_upright() {
            [1.0 / (a.abs() + c.abs()), 1.0 / (b.abs() + d.abs())]
        } else {
            [1.0 / a.hypot(b), 1.0 / c.hypot(d)]
        }
    }

    /// Laid along the edges of the page, if turned by quarters or mirrored.
    fn is_upright(&self) -> bool {
        let [a, b, c, d, ..] = self.to_points.as_coeffs();
        let small = 1e-4 * (a.abs() + b.abs() + c.abs() + d.abs());
        b.abs().max(c.abs()) < small || a.abs().max(d.abs()) < small
    }
}

/// The images of a page, as it draws them. Their pixels are not decoded.
fn placed(page: &Page) -> Result<Vec<Placed>, ScanError> {
    let (width, height) = size(page);
    let bounds = Rect::new(0.0, 0.0, width, height);
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings::default();
    let mut context = Context::new(
        initial_transform(page),
        bounds,
        &cache,
        page.xref(),
        settings,
    );
    let mut images = Images {
        bounds,
        placed: Vec::new(),
        n_pixels: 0.0,
        is_sound: true,
    };
    interpret_page(page, &mut context, &mut images);
    if images.is_sound {
        Ok(images.placed)
    } else {
        Err(ScanError::TooLarge)
    }
}

/// A device that notes where images go, and whether they may be decoded.
struct Images {
    bounds: Rect,
    placed: Vec<Placed>,
    n_pixels: f64,
    is_sound: bool,
}

impl<'a> Device<'a> for Images {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.n_pixels += f64::from(image.width()) * f64::from(image.height());
        let is_within = match &image {
            Image::Stencil(image) => is_within(image.stream()),
            Image::Raster(image) => is_within(image.stream()),
        };
        self.is_sound &= is_within && self.n_pixels <= MOST_DRAWN;
        let placed = Placed {
            to_points: props.transform,
            n_cols: image.width().into(),
            n_rows: image.height().into(),
        };
        let seen = placed.bbox().intersect(self.bounds);
        if placed.to_points.is_finite() && seen.width() > 0.0 && seen.height() > 0.0 {
            self.placed.push(placed);
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Whether an image and its mask are small enough to decode, by what the PDF and what their own headers say.
fn is_within(stream: &Stream) -> bool {
    let dict = stream.dict();
    let masks = [&b"SMask"[..], b"Mask"]
        .into_iter()
        .filter_map(|key| dict.get::<Stream>(key));
    std::iter::once(stream.clone()).chain(masks).all(|stream| {
        let side = |long: &[u8], short: &[u8]| {
            stream
                .dict()
                .get::<u32>(long)
                .or_else(|| stream.dict().get::<u32>(short))
                .unwrap_or(0)
        };
        let told = f64::from(side(b"Width", b"W")) * f64::from(side(b"Height", b"H"));
        told <= MOST_PIXELS
            && bounds::stream_within(&stream)
            && limits::image_pixels(&stream) <= MOST_PIXELS
    })
}

/// Pixels per point, and where the page's corner falls in the grid of pixels.
fn grid(placed: &[Placed], width: f64, height: f64) -> ([f64; 2], [f64; 2]) {
    let plain = |scale: f64| {
        let most = (MOST_PIXELS / (width * height))
            .sqrt()
            .min(LONGEST / width.max(height));
        ([scale.min(most); 2], [0.0; 2])
    };
    let seen = |image: &&Placed| {
        let on_page = image.bbox().intersect(Rect::new(0.0, 0.0, width, height));
        on_page.area() / image.bbox().area() * image.n_cols * image.n_rows
    };
    let largest = placed
        .iter()
        .max_by(|a, b| seen(a).total_cmp(&seen(b)))
        .filter(|_| cover(placed, width, height) >= LEAST_COVER);
    let Some(largest) = largest else {
        return plain(DRAWN / 72.0);
    };
    let native = largest.scale();
    let finest = native[0].max(native[1]);
    let part = (finest * 72.0 / FINEST).ceil().max(1.0);
    // A fax has twice as many pixels across as down; a skew angle needs them square.
    let is_square = (native[0] / native[1] - 1.0).abs() < 0.02;
    let scale = native.map(|scale| scale / part);
    let fits = width * height * scale[0] * scale[1] <= MOST_PIXELS
        && width * scale[0] < LONGEST
        && height * scale[1] < LONGEST;
    if !is_square || !fits || !largest.is_upright() {
        return plain(finest / part);
    }
    let corner = Vec2::new(largest.bbox().x0 * scale[0], largest.bbox().y0 * scale[1]);
    let shift = |at: f64| {
        let shift = at.round() - at;
        if shift.abs() < 1e-3 {
            0.0
        } else {
            shift.rem_euclid(1.0)
        }
    };
    (scale, [shift(corner.x), shift(corner.y)])
}

/// The part of the page that its images cover, of 0 to 1.
fn cover(placed: &[Placed], width: f64, height: f64) -> f64 {
    const N: usize = 16;
    let at = |i: usize, size: f64| (i as f64 + 0.5) / N as f64 * size;
    let boxes: Vec<Rect> = placed.iter().map(Placed::bbox).collect();
    let points = (0..N * N).map(|i| (at(i % N, width), at(i / N, height)));
    points
        .filter(|&(x, y)| boxes.iter().any(|b| b.contains(Point::new(x, y))))
        .count() as f64
        / (N * N) as f64
}

fn draw(page: &Page, n_cols: u16, n_rows: u16, to_pixels: Affine) -> Pixmap {
    let mut context = RenderContext::new(n_cols, n_rows);
    let transform = to_pixels * initial_transform(page);
    let cache = RenderCache::new();
    render_into(
        page,
        &cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &mut context,
        transform,
    );
    context.flush();
    let mut pixmap = Pixmap::new(n_cols, n_rows);
    let settings = RasterizerSettings {
        target_init: TargetInit::Clear(WHITE),
        ..Default::default()
    };
    context.render_with(&mut pixmap, &mut Resources::default(), settings);
    pixmap
}

/// The brightness of each pixel, and its colour if the page has some.
fn gray_and_color(pixmap: &Pixmap) -> (Gray, Option<Vec<[u8; 3]>>) {
    /// Difference of the components, above what JPEG adds to a grey scan.
    const LEAST_CHROMA: u8 = 48;
    /// Pixels with colour, of a million: a seal of 4 cm has 20,000, a red stamp line 1,000.
    const LEAST_COLOURED: usize = 300;
    let (width, height) = (usize::from(pixmap.width()), usize::from(pixmap.height()));
    let mut pixels = Vec::with_capacity(width * height);
    let mut n_coloured = 0;
    for pixel in pixmap.data() {
        let (r, g, b) = (pixel.r, pixel.g, pixel.b);
        if r == g && g == b {
            pixels.push(r);
            continue;
        }
        // Rec. 601, as JPEG has it.
        pixels.push(((u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29) >> 8) as u8);
        n_coloured += usize::from(r.max(g).max(b) - r.min(g).min(b) >= LEAST_CHROMA);
    }
    let is_coloured = n_coloured * 1_000_000 > LEAST_COLOURED * width * height;
    let color = is_coloured.then(|| pixmap.data().iter().map(|p| [p.r, p.g, p.b]).collect());
    (
        Gray {
            width,
            height,
            pixels,
        },
        color,
    )
}

#[cfg(test)]
mod tests {
    use lopdf::{Dictionary, Document, Object, Stream, dictionary};

    use super::*;

    /// A page of 72 × 144 points with these images and this content.
    fn page(images: Vec<Stream>, content: &str, entries: Dictionary) -> Pdf {
        let mut document = Document::with_version("1.7");
        let names = (0..).map(|i| format!("I{i}"));
        let images: Dictionary = names
            .zip(images)
            .map(|(name, image)| (name, document.add_object(image).into()))
            .collect();
        let content = document.add_object(Stream::new(dictionary! {}, content.as_bytes().to_vec()));
        let tree = document.new_object_id();
        let mut page = dictionary! {
            "Type" => "Page", "Parent" => tree, "MediaBox" => vec![0.into(), 0.into(), 72.into(), 144.into()], "Contents" => content,
            "Resources" => dictionary! { "XObject" => images },
        };
        entries
            .iter()
            .for_each(|(key, value)| page.set(key.clone(), value.clone()));
        let page = document.add_object(page);
        document.objects.insert(
            tree,
            dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into(),
        );
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).expect("written to memory");
        Pdf::new(bytes).expect("a sound PDF")
    }

    fn image(width: usize, height: usize, entries: Dictionary, pixels: Vec<u8>) -> Stream {
        let mut dict = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => width as i64, "Height" => height as i64, "BitsPerComponent" => 8,
            "ColorSpace" => "DeviceGray",
        };
        entries
            .iter()
            .for_each(|(key, value)| dict.set(key.clone(), value.clone()));
        Stream::new(dict, pixels)
    }

    /// No two neighbours alike.
    fn pattern(n: usize) -> Vec<u8> {
        (0..n).map(|i| (i * 37 % 251) as u8).collect()
    }

    #[test]
    fn strips_meet_pixel_for_pixel() {
        let pixels = pattern(150 * 300);
        let (top, bottom) = pixels.split_at(150 * 100);
        let strips = vec![
            image(150, 100, dictionary! {}, top.to_vec()),
            image(150, 200, dictionary! {}, bottom.to_vec()),
        ];
        let pdf = page(
            strips,
            "q 72 0 0 48 0 96 cm /I0 Do Q q 72 0 0 96 0 0 cm /I1 Do Q",
            dictionary! {},
        );
        let scan = scan(&pdf, 1).expect("pixels");
        assert_eq!(
            (scan.gray.width, scan.gray.height, scan.dpi().round()),
            (150, 300, 150.0)
        );
        assert!(scan.gray.pixels == pixels, "every pixel as it was scanned");
        assert!(scan.color.is_none());
    }

    #[test]
    fn a_turned_page_is_turned() {
        let pixels = pattern(150 * 300);
        let upright = Gray {
            width: 150,
            height: 300,
            pixels: pixels.clone(),
        };
        for (degrees, n_quarters) in [(90, 1), (180, 2), (270, 3)] {
            let pdf = page(
                vec![image(150, 300, dictionary! {}, pixels.clone())],
                "72 0 0 144 0 0 cm /I0 Do",
                dictionary! { "Rotate" => degrees },
            );
            assert!(
                scan(&pdf, 1).expect("pixels").gray == upright.turned(n_quarters),
                "/Rotate {degrees}"
            );
        }
    }

    #[test]
    fn a_scan_that_does_not_fill_the_page_keeps_its_pixels() {
        let pixels = pattern(100 * 200);
        let pdf = page(
            vec![image(100, 200, dictionary! {}, pixels.clone())],
            "60.3 0 0 120.6 7.1 9.7 cm /I0 Do",
            dictionary! {},
        );
        let scan = scan(&pdf, 1).expect("pixels");
        let corner = scan.to_points().inverse() * Point::new(7.1, 144.0 - 9.7 - 120.6);
        let (x, y) = (corner.x.round() as usize, corner.y.round() as usize);
        assert_eq!(scan.gray.crop([x, y, x + 100, y + 200]).pixels, pixels);
    }

    #[test]
    fn a_mask_lies_over_its_background() {
        let background = image(
            18,
            36,
            dictionary! { "ColorSpace" => "DeviceRGB" },
            [250, 250, 200].repeat(18 * 36),
        );
        // Bits that are 0 are painted; /Decode turns that round.
        let mut bits = vec![0u8; 19 * 300];
        bits[19 * 150..19 * 151].fill(255);
        let mask = dictionary! {
            "ImageMask" => true, "BitsPerComponent" => 1, "Decode" => vec![1.into(), 0.into()], "ColorSpace" => Object::Null,
        };
        let layers = vec![background, image(150, 300, mask, bits)];
        let pdf = page(
            layers,
            "q 72 0 0 144 0 0 cm /I0 Do Q q 0 g 72 0 0 144 0 0 cm /I1 Do Q",
            dictionary! {},
        );
        let scan = scan(&pdf, 1).expect("pixels");
        assert_eq!((scan.gray.width, scan.gray.height), (150, 300));
        assert!(scan.gray.row(150).iter().all(|&v| v == 0));
        assert!(
            scan.gray
                .row(149)
                .iter()
                .chain(scan.gray.row(151))
                .all(|&v| v > 200)
        );
        assert_eq!(
            scan.color.as_ref().map(|color| color[0]),
            Some([250, 250, 200])
        );
    }

    #[test]
    fn what_is_drawn_is_drawn_at_300_dpi() {
        let scan =
            scan(&page(Vec::new(), "0 g 18 36 36 72 re f", dictionary! {}), 1).expect("pixels");
        assert_eq!((scan.gray.width, scan.gray.height), (300, 600));
        assert_eq!(
            (
                scan.gray.row(300)[150],
                scan.gray.row(300)[60],
                scan.gray.row(100)[150]
            ),
            (0, 255, 255)
        );
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let bomb = image(60_000, 60_000, dictionary! {}, vec![0]);
        assert_eq!(
            scan(
                &page(vec![bomb], "72 0 0 144 0 0 cm /I0 Do", dictionary! {}),
                1
            )
            .unwrap_err(),
            ScanError::TooLarge
        );
        // The picture's own header says 50,000 × 50,000.
        let jpeg = b"\xff\xd8\xff\xc0\x00\x0b\x08\xc3\x50\xc3\x50\x01\x01\x11\x00".to_vec();
        let jpeg = image(10, 10, dictionary! { "Filter" => "DCTDecode" }, jpeg);
        assert_eq!(
            scan(
                &page(vec![jpeg], "72 0 0 144 0 0 cm /I0 Do", dictionary! {}),
                1
            )
            .unwrap_err(),
            ScanError::TooLarge
        );
        let again = "72 0 0 144 0 0 cm /I0 Do ".repeat(1000);
        let often = image(1000, 1000, dictionary! {}, vec![0; 1_000_000]);
        assert_eq!(
            scan(&page(vec![often], &again, dictionary! {}), 1).unwrap_err(),
            ScanError::TooLarge
        );
        let vast = page(
            Vec::new(),
            "0 g 0 0 9 9 re f",
            dictionary! { "MediaBox" => vec![0.into(), 0.into(), 2_000_000.into(), 90.into()] },
        );
        let vast = scan(&vast, 1).expect("pixels").gray;
        assert!(vast.width <= 32_000 && vast.height <= 32_000);
    }

    #[test]
    fn there_is_no_page_0() {
        let pdf = page(Vec::new(), "", dictionary! {});
        assert_eq!(scan(&pdf, 0).unwrap_err(), ScanError::NoPage);
        assert_eq!(scan(&pdf, 2).unwrap_err(), ScanError::NoPage);
    }
}
