//! Annotated workbooks. Fixtures are made by `tests/fixtures/annotate/make.py`.

mod cleaning;
mod marked;
mod marking;
