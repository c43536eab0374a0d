"""What a page of a programme says, from figures that may be shown: periods, sentences, tables and charts; pure."""
