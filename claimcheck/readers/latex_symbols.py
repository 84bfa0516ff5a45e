r"""What LaTeX's symbol macros print, as characters; and the macros that print nothing."""

SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "varrho": "ϱ",
    "varsigma": "ς", "ell": "ℓ", "hbar": "ℏ",
    "pm": "±", "mp": "∓", "times": "×", "cdot": "·", "div": "÷", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "•",
    "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼",
    "simeq": "≃", "equiv": "≡", "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫", "lt": "<", "gt": ">", "mid": "|", "parallel": "∥",
    "uparrow": "↑", "downarrow": "↓", "Uparrow": "⇑", "Downarrow": "⇓", "rightarrow": "→", "leftarrow": "←", "to": "→", "gets": "←",
    "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "mapsto": "↦", "longrightarrow": "→",
    "rightharpoonup": "⇀", "nearrow": "↗", "searrow": "↘", "textuparrow": "↑", "textdownarrow": "↓", "textrightarrow": "→",
    "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "in": "∈", "notin": "∉", "subset": "⊂",
    "subseteq": "⊆", "supset": "⊃", "cup": "∪", "cap": "∩", "setminus": "∖", "emptyset": "∅", "varnothing": "∅", "forall": "∀",
    "exists": "∃", "neg": "¬", "wedge": "∧", "vee": "∨", "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "top": "⊤", "bot": "⊥",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "prime": "′", "degree": "°", "textdegree": "°",
    "dagger": "†", "dag": "†", "textdagger": "†", "ddagger": "‡", "ddag": "‡", "textdaggerdbl": "‡", "S": "§", "P": "¶", "copyright": "©",
    "checkmark": "✓", "cmark": "✓", "xmark": "✗", "textasteriskcentered": "∗", "ldots": "…", "dots": "…", "cdots": "⋯", "textellipsis": "…",
    "vdots": "⋮", "ddots": "⋱", "textemdash": "—", "textendash": "–", "textquoteright": "’", "textquoteleft": "‘", "textbackslash": "\\",
    "textasciitilde": "~", "textunderscore": "_", "textbar": "|", "textless": "<", "textgreater": ">", "textpm": "±", "texttimes": "×",
    "textmu": "µ", "micro": "µ", "textregistered": "®", "texttrademark": "™", "pounds": "£", "euro": "€", "texteuro": "€", "&": "&", "%": "%",
    "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", "-": "", "/": "", "@": "", "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "vert": "|",
    "backslash": "\\", ",": "\u2009", "thinspace": "\u2009", ";": " ", ":": " ", ">": " ", " ": " ", "\n": " ", "\t": " ", "!": "",
    "quad": " ", "qquad": " ", "enspace": " ", "enskip": " ", "space": " ", "nobreakspace": " ", "hfill": " ", "newline": " ",
    "linebreak": " ", "par": " ", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "TeX": "TeX", "LaTeX": "LaTeX", "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.",
    "wrt": "w.r.t.", "cf": "cf.", "vs": "vs.", "iid": "i.i.d.", "min": "min", "max": "max", "log": "log", "exp": "exp", "arg": "arg",
    "lim": "lim", "sup": "sup", "inf": "inf", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "ln": "ln", "det": "det",
    "Pr": "Pr", "gcd": "gcd", "dim": "dim", "triangle": "△", "triangleq": "≜", "square": "□", "blacksquare": "■", "diamond": "⋄",
    "Diamond": "◇", "clubsuit": "♣", "spadesuit": "♠", "heartsuit": "♡", "diamondsuit": "♢", "flat": "♭", "sharp": "♯", "natural": "♮",
    "blacktriangle": "▲", "blacktriangledown": "▼", "bigtriangleup": "△", "triangledown": "▽", "bigstar": "★", "textbullet": "•",
    "hyp": "-", "textquotedblleft": "“", "textquotedblright": "”", "percent": "%", "colon": ":", "slash": "/",
}  # fmt: skip
"""Macro name to what it prints. Common shorthands of the field (\\eg, \\etal) stand here for papers whose style file is missing."""

RELATIONS = frozenset("=<>≤≥≠≈∼≃≡∈←→↔⇒±∓×·∝≪≫")
"""Characters mathematics sets with space on both sides, if something stands there."""

SILENT = frozenset(
    [
        *("label", "vspace", "hspace", "phantom", "hphantom", "vphantom", "cline", "cmidrule", "clineB", "hlineB", "hhline", "noalign"),
        *("arrayrulecolor", "pagestyle", "thispagestyle", "bibliographystyle", "bibliography", "input", "include", "captionsetup"),
        *("pagecolor", "index", "nocite", "graphicspath", "hypersetup", "includegraphics", "rowcolor", "cellcolor", "color", "columncolor"),
        *(
            "setlength",
            "addtolength",
            "setcounter",
            "addtocounter",
            "fontsize",
            "Xcline",
            "Xhline",
            "settowidth",
            "rowcolors",
            "specialrule",
        ),
        *("toprule", "midrule", "bottomrule", "addlinespace", "hdashline", "cdashline", "definecolor", "rule", "hskip", "vskip", "kern"),
        *(
            "SetCell",
            "citestyle",
            "tabcolsep",
            "aboverulesep",
            "belowrulesep",
            "thanks",
            "todo",
            "verb",
            "usebox",
            "begin",
            "end",
            "caption",
        ),
        *("author", "date", "title", "email", "affiliation", "institute"),
    ]
)

ACCENTS = {
    "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307", "c": "\u0327", "H": "\u030b",
    "k": "\u0328", "b": "\u0331", "d": "\u0323", "r": "\u030a", "u": "\u0306", "v": "\u030c", "hat": "\u0302", "bar": "\u0304",
    "tilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
}  # fmt: skip

UNITS = {
    "percent": "%", "second": "s", "s": "s", "minute": "min", "hour": "h", "day": "d", "meter": "m", "metre": "m", "gram": "g",
    "kilogram": "kg", "hertz": "Hz", "byte": "B", "bit": "b", "watt": "W", "joule": "J", "volt": "V", "ampere": "A", "kelvin": "K",
    "celsius": "°C", "degree": "°", "flop": "FLOP", "flops": "FLOPS", "pixel": "px", "decibel": "dB", "bel": "B", "giga": "G", "mega": "M",
    "kilo": "k", "tera": "T", "peta": "P", "milli": "m", "micro": "µ", "nano": "n", "pico": "p", "centi": "c", "kibi": "Ki", "mebi": "Mi",
    "gibi": "Gi", "per": "/", "squared": "²", "cubed": "³", "square": "", "ms": "ms", "us": "µs", "GB": "GB", "MB": "MB", "kB": "kB",
    "GHz": "GHz", "MHz": "MHz", "kHz": "kHz", "Hz": "Hz", "cm": "cm", "mm": "mm", "km": "km", "kg": "kg", "m": "m", "g": "g",
}  # fmt: skip
"""siunitx's unit macros."""
