"""Check this implementation against golden vectors: numbers that another implementation of the same equations wrote down.

`python -m repro.conformance DIR` reads DIR/INDEX.json, which describes every array and every setting, and compares each expected array
with what this package computes from the same settings and inputs. Nothing about a particular folder is written down here.
"""
