"""Commands for whoever runs the installation: database, copies, web, worker, the record."""
