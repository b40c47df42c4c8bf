"""Pages: HTML set by the renderer in our fonts, and the finished PDF mended and cut down."""
