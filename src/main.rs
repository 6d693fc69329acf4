fn main(){ let t=std::time::Instant::now(); let j=jieba_rs::Jieba::new(); eprintln!("jieba {:?}",t.elapsed());
let t=std::time::Instant::now(); let w=j.cut("提升自然灾害防治能力加强各灾种应急指挥体系建设",false); eprintln!("{:?} {:?}",w.iter().map(|t|t.word).collect::<Vec<_>>(),t.elapsed());
let t=std::time::Instant::now(); let o=opencc_fmmseg::OpenCC::new(); eprintln!("opencc {:?}",t.elapsed());
let t=std::time::Instant::now(); eprintln!("{} {:?}",o.t2s("中小學生《國家學生體質健康標準》達標率著",false),t.elapsed()); }
