"""What commands print: plans, proposals, publications, in words and as documents."""
