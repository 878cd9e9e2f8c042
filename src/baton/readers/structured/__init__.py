"""Structured invoices (UBL, EN 16931 CII, Factur-X/ZUGFeRD, XRechnung): read from their XML, compared with their page."""
