// The colours that this seat chose, before the first picture: without it a light room would flash dark.
document.documentElement.dataset.theme = localStorage.getItem('shuniu.theme') ?? 'dark'
