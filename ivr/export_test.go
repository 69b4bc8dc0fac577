package ivr

// Documents returns every document of a page: for each guess, for callers with a
// number of their own and, where the page dials, for others; and last for callers
// who are offered a text.
func (p *Page) Documents() [][]byte {
	var all [][]byte
	for _, d := range p.documents {
		all = append(all, d.known, d.forCaller(Turn{Called: "+18005550199"}, ""))
	}
	if p.texting != nil {
		all = append(all, p.texting.known)
	}
	return all
}
