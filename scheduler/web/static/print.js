// The page was asked for to be printed: what the reader would do next.
print();
