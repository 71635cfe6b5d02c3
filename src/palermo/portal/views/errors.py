"""What a reader sees where there is no page, or where making it failed."""

from django.http import HttpRequest, HttpResponse

from palermo.portal.pages import page

TOLD = (  # language, heading, text, link: written here, as what failed may be what speaks the languages
    (
        "en",
        "This page could not be made",
        "The fault is ours and has been noted. No figure was lost or changed.",
        "To the account",
    ),
    (
        "fr",
        "Cette page n’a pas pu être produite",
        "La faute est de notre côté et a été consignée. Aucun chiffre n’a été perdu ni modifié.",
        "Vers le compte",
    ),
    (
        "es",
        "No se pudo elaborar esta página",
        "El fallo es nuestro y ha quedado registrado. No se perdió ni se modificó ninguna cifra.",
        "Ir a la cuenta",
    ),
    (
        "ar",
        "تعذّر إعداد هذه الصفحة",
        "الخطأ من جانبنا وقد سُجِّل. لم يُفقد أي رقم ولم يتغيّر.",
        "إلى الحساب",
    ),
    (
        "ru",
        "Не удалось составить эту страницу",
        "Ошибка на нашей стороне, она записана. Ни одно значение не потеряно и не изменено.",
        "К своду",
    ),
    (
        "zh",
        "未能生成本页",
        "错误出在我们这里，已予记录。没有任何数字丢失或改变。",
        "前往统计账户",
    ),
)


def _failed_page() -> str:
    parts = "".join(
        f'<section lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">'
        f'<h1>{heading}</h1>\n<p>{told} <a href="/{language}/">{link}</a></p></section>\n'
        for language, heading, told, link in TOLD
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TOLD[0][1]}</title></head>\n<body><main>\n{parts}</main></body>\n</html>\n"
    )


FAILED = _failed_page()


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is published under this address, which never means that there is nobody."""
    del exception
    return page(request, "not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """The page could not be made, in six languages at once. It stands alone, as what failed may be what makes pages."""
    del request
    return HttpResponse(FAILED, content_type="text/html; charset=utf-8", status=500)
