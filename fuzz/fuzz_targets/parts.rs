#![no_main]
libfuzzer_sys::fuzz_target!(init: jixiao_fuzz::start(), |input: &[u8]| jixiao_fuzz::hold("parts", input));
