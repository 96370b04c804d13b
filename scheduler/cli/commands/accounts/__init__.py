"""What commands do with accounts of staff beside the accounts themselves."""
