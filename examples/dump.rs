use gongbao::extract::pdf;
fn main() {
    for path in std::env::args().skip(1) {
        let start = std::time::Instant::now();
        match pdf::pages(&std::fs::read(&path).unwrap()) {
            Err(e) => eprintln!("{path}: {e}"),
            Ok(doc) => {
                eprintln!("{:?} {:?}", doc.metadata, doc.warnings);
                for p in &doc.pages {
                    let mut g: Vec<_> = p.glyphs.iter().collect();
                    g.sort_by(|a, b| (a.bbox[1].round(), a.bbox[0]).partial_cmp(&(b.bbox[1].round(), b.bbox[0])).unwrap());
                    let mut y = f32::NAN;
                    for x in g {
                        if !y.is_nan() && x.bbox[1].round() != y {
                            println!();
                        }
                        y = x.bbox[1].round();
                        print!("{}", x.text);
                    }
                    print!("\n\x0c");
                    let hidden = p.glyphs.iter().filter(|g| g.hidden).count();
                    eprintln!(
                        "{path} p{} {}x{} {:?}: {} glyphs {hidden} hidden {} rulings {} images",
                        p.number,
                        p.width,
                        p.height,
                        p.kind,
                        p.glyphs.len(),
                        p.rulings.len(),
                        p.images.len()
                    );
                    let printed: Vec<_> = p.glyphs.iter().filter(|g| !g.text.trim().is_empty()).collect();
                    eprintln!("  {:?}", gongbao::extract::pdf::judge::Evidence::of(&gongbao::extract::pdf::judge::text(&printed)));
                }
                eprintln!("{path}: {:?}", start.elapsed());
            }
        }
    }
}
