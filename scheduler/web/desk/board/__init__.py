"""The board of a cohort as a workplace: what is asked of it, its columns, its blocks, its moves."""
