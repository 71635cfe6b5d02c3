"""One module a page or small group of pages. A view reads the request, calls one function and shows what it gave."""
