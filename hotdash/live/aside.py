"""Work of streams that waits for a database or an upstream."""

from hotdash.host.aside import Aside

aside = Aside(16, "live")
