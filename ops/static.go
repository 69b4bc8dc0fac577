package ops

import "embed"

//go:embed static
var static embed.FS
