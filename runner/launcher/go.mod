module cairn.dev/launcher

go 1.25
