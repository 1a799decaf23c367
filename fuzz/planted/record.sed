# format/element.c: a text that has to be packed is taken as it is.
s/coffer_text_packing(text, form.packs_ids).form != COFFER_ELEMENT_VALUE/false/
