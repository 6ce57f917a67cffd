"""What goes in and comes out: the same classes check requests, shape answers and write the OpenAPI document."""
